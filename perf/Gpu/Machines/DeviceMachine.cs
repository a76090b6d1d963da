using ManagedCuda;
using ManagedCuda.BasicTypes;
using YMaskNet.Inference.Gpu;
using YMaskNet.Inference.Gpu.Kernels;
using YMaskNet.Inference.Gpu.Memory;

namespace YMaskNet.Perf.Gpu.Machines;

/// <summary>A GPU: the kernels' PTX, the launches and the memory are those of the server. Everything is in the order of one stream.</summary>
internal sealed class DeviceMachine : IKernelMachine
{
    private const byte Unwritten = 0xff;

    private readonly OwnedResources _owned = new();
    private readonly KernelModule _module;
    private readonly bool _fillsMemory;

    /// <param name="device">The driver's number.</param>
    /// <param name="fillsMemory">
    /// Whether memory is filled. Where it is not, a sanitizer sees what kernels read before it is written; the host does not
    /// read such memory, and gets zeros.
    /// </param>
    /// <exception cref="CudaException">The driver refuses, or can't compile the kernels.</exception>
    public DeviceMachine(int device, bool fillsMemory = true)
    {
        _fillsMemory = fillsMemory;
        try
        {
            Context = _owned.Add(new PrimaryContext(device));
            Context.SetCurrent();
            Multiprocessors = Context.GetDeviceInfo().MultiProcessorCount;
            Stream = _owned.Add(new CudaStream(CUStreamFlags.NonBlocking));
            _module = _owned.Add(new KernelModule(Context));
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public PrimaryContext Context { get; }

    public CudaStream Stream { get; }

    /// <summary>Of the device; what kernels whose grid is free are launched on.</summary>
    public int Multiprocessors { get; }

    public IKernelMemory Allocate(long bytes)
    {
        DeviceBuffer buffer = new(bytes, "the check");
        if (!_fillsMemory)
            return new Memory(buffer, Stream, isReadable: false);
        Memory memory = new(buffer, Stream, isReadable: true);
        memory.Fill(Unwritten);
        return memory;
    }

    public IKernelCall Find(string kernel, uint blockX, uint blockY = 1, uint sharedBytes = 0) =>
        new Call(_module.Find(kernel, blockX, blockY, sharedBytes), Stream);

    public void Dispose() => _owned.Dispose();

    private sealed class Call(KernelLaunch launch, CudaStream stream) : IKernelCall
    {
        public IKernelCall With<T>(T value)
            where T : unmanaged
        {
            launch.With(value);
            return this;
        }

        public void Run(int x, int y = 1, int z = 1) => launch.Run(stream.Stream, x, y, z);

        public void Dispose() => launch.Dispose();
    }

    private sealed unsafe class Memory(DeviceBuffer buffer, CudaStream stream, bool isReadable) : IKernelMemory
    {
        public nint Address => buffer.Address;

        public void Fill(byte value) => CudaCalls.Check(
            DriverAPINativeMethods.MemsetAsync.cuMemsetD8Async(buffer.Pointer, value, buffer.Bytes, stream.Stream));

        public void Write(ReadOnlySpan<byte> bytes)
        {
            if (bytes.IsEmpty)
                return;
            fixed (byte* from = bytes)
            {
                CudaCalls.Upload(buffer.Pointer, (nint)from, bytes.Length, stream);
                stream.Synchronize();
            }
        }

        public void Read(Span<byte> bytes)
        {
            if (bytes.IsEmpty)
                return;
            if (!isReadable)
            {
                stream.Synchronize();
                bytes.Clear();
                return;
            }

            fixed (byte* to = bytes)
            {
                CudaCalls.Download((nint)to, buffer.Pointer, bytes.Length, stream);
                stream.Synchronize();
            }
        }

        public void Dispose() => buffer.Dispose();
    }
}

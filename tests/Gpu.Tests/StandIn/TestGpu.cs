using System.Text;
using ManagedCuda;
using ManagedCuda.BasicTypes;
using ManagedCuda.VectorTypes;

namespace YMaskNet.Gpu.Tests.StandIn;

/// <summary>The primary context, current to this thread, with the test kernels loaded.</summary>
internal sealed class TestGpu : IDisposable
{
    /// <summary>Most threads of a block of every test kernel.</summary>
    public const int MostThreads = 64;

    public TestGpu()
    {
        Context = new PrimaryContext(0);
        Context.SetCurrent();
        Module = Context.LoadModulePTX(Encoding.ASCII.GetBytes(KernelText));
    }

    /// <summary>test_kernels.ptx, without a NUL.</summary>
    public static string KernelText { get; } = ReadPtx("test_kernels.ptx");

    /// <summary>The pipeline's kernels, without a NUL.</summary>
    public static string PipelineText => ReadPtx("ymasknet.ptx");

    public PrimaryContext Context { get; }

    public CUmodule Module { get; }

    public CudaKernel Kernel(string name, uint blocks, uint threads, uint sharedBytes = 0) => new(name, Module, Context)
    {
        GridDimensions = new dim3(blocks, 1, 1),
        BlockDimensions = new dim3(threads, 1, 1),
        DynamicSharedMemory = sharedBytes,
    };

    /// <summary>Enqueues test_scale: output[i] = input[i] · factor.</summary>
    public void Scale(CudaDeviceVariable<float> output, CudaDeviceVariable<float> input, float factor, CUstream stream)
    {
        int count = input.Size;
        uint blocks = (uint)((count + MostThreads - 1) / MostThreads);
        Kernel("test_scale", blocks, MostThreads).RunAsync(stream, output.DevicePointer, input.DevicePointer, count, factor);
    }

    /// <summary>Enqueues test_write: one byte at an offset from the memory, wherever that is.</summary>
    public void Write(CUdeviceptr memory, long offset, CUstream stream) => Kernel("test_write", 1, 1).RunAsync(stream, memory, offset);

    public void Dispose() => Context.Dispose();

    private static string ReadPtx(string name)
    {
        using Stream resource = typeof(TestGpu).Assembly.GetManifestResourceStream(name)!;
        using StreamReader reader = new(resource, Encoding.ASCII);
        return reader.ReadToEnd();
    }
}

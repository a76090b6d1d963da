using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace YMaskNet.Perf.Gpu.Machines;

/// <summary>The kernels on the CPU, over the library that <c>native-kernels/emulate.sh</c> makes of the same sources.</summary>
internal sealed unsafe class EmulatedMachine : IKernelMachine
{
    /// <summary>The library's name, where it lies beside the program.</summary>
    public const string FileName = "libymasknet_kernels.so";

    private const int LongestMessage = 500;
    private const nuint Alignment = 256;
    private const byte Unwritten = 0xff;

    private readonly nint _library;
    private readonly delegate* unmanaged<byte*, uint*, uint*, nuint, void**, byte*, nuint, int> _launch;

    /// <param name="path">The library.</param>
    /// <exception cref="DllNotFoundException">It can't be loaded.</exception>
    /// <exception cref="EntryPointNotFoundException">It is another library.</exception>
    public EmulatedMachine(string path)
    {
        _library = NativeLibrary.Load(path);
        _launch = (delegate* unmanaged<byte*, uint*, uint*, nuint, void**, byte*, nuint, int>)NativeLibrary.GetExport(_library, "emulation_launch");
    }

    public IKernelMemory Allocate(long bytes) => new Memory(bytes);

    public IKernelCall Find(string kernel, uint blockX, uint blockY = 1, uint sharedBytes = 0) =>
        new Call(this, kernel, blockX, blockY, sharedBytes);

    public void Dispose() => NativeLibrary.Free(_library);

    private void Launch(string kernel, ReadOnlySpan<uint> grid, ReadOnlySpan<uint> block, uint sharedBytes, IReadOnlyList<byte[]> arguments)
    {
        // Copied behind each other, at multiples of what any parameter is aligned to.
        const int ArgumentAlignment = 16;
        nint* addresses = stackalloc nint[arguments.Count];
        int total = arguments.Sum(argument => (argument.Length + ArgumentAlignment - 1) / ArgumentAlignment * ArgumentAlignment);
        byte* values = (byte*)NativeMemory.AlignedAlloc((nuint)Math.Max(total, 1), ArgumentAlignment);
        try
        {
            byte* next = values;
            for (int index = 0; index < arguments.Count; index++)
            {
                arguments[index].CopyTo(new Span<byte>(next, arguments[index].Length));
                addresses[index] = (nint)next;
                next += (arguments[index].Length + ArgumentAlignment - 1) / ArgumentAlignment * ArgumentAlignment;
            }

            byte* message = stackalloc byte[LongestMessage];
            byte[] name = Encoding.UTF8.GetBytes(kernel + "\0");
            int status;
            fixed (byte* nameStart = name)
            fixed (uint* gridStart = grid, blockStart = block)
                status = _launch(nameStart, gridStart, blockStart, sharedBytes, (void**)addresses, message, LongestMessage);
            if (status != 0)
                throw new InvalidOperationException($"The emulation: {Marshal.PtrToStringUTF8((nint)message)}");
        }
        finally
        {
            NativeMemory.AlignedFree(values);
        }
    }

    private sealed class Call(EmulatedMachine machine, string kernel, uint blockX, uint blockY, uint sharedBytes) : IKernelCall
    {
        private readonly List<byte[]> _arguments = [];

        public IKernelCall With<T>(T value)
            where T : unmanaged
        {
            byte[] bytes = new byte[sizeof(T)];
            Unsafe.WriteUnaligned(ref bytes[0], value);
            _arguments.Add(bytes);
            return this;
        }

        public void Run(int x, int y = 1, int z = 1) =>
            machine.Launch(kernel, [(uint)x, (uint)y, (uint)z], [blockX, blockY, 1], sharedBytes, _arguments);

        public void Dispose()
        {
        }
    }

    private sealed class Memory : IKernelMemory
    {
        private void* _values;

        public Memory(long bytes)
        {
            _values = NativeMemory.AlignedAlloc((nuint)bytes, Alignment);
            NativeMemory.Fill(_values, (nuint)bytes, Unwritten);
        }

        public nint Address => (nint)_values;

        public void Write(ReadOnlySpan<byte> bytes) => bytes.CopyTo(new Span<byte>(_values, bytes.Length));

        public void Read(Span<byte> bytes) => new ReadOnlySpan<byte>(_values, bytes.Length).CopyTo(bytes);

        public void Dispose()
        {
            NativeMemory.AlignedFree(_values);
            _values = null;
        }
    }
}

using System.Runtime.InteropServices;

namespace YMaskNet.Inference.Tests.Kernels;

/// <summary>What stands for device memory: its bytes are 0xff until they are written, and its beginning is aligned as a device's.</summary>
internal sealed unsafe class DeviceArray<T> : IDisposable
    where T : unmanaged
{
    private const int Alignment = 256;

    private readonly int _length;
    private readonly void* _memory;

    public DeviceArray(int length)
    {
        _length = length;
        _memory = NativeMemory.AlignedAlloc((nuint)Math.Max(length * sizeof(T), 1), Alignment);
        MemoryMarshal.AsBytes(Values).Fill(0xff);
    }

    public DeviceArray(ReadOnlySpan<T> values)
        : this(values.Length) =>
        values.CopyTo(Values);

    public Span<T> Values => new(_memory, _length);

    /// <summary>The address, as a kernel takes it.</summary>
    public nint Address => (nint)_memory;

    public void Dispose() => NativeMemory.AlignedFree(_memory);
}

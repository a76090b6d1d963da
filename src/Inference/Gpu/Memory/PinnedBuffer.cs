using System.Runtime.CompilerServices;
using ManagedCuda;
using ManagedCuda.BasicTypes;

namespace YMaskNet.Inference.Gpu.Memory;

/// <summary>Host memory that the device copies from and to by itself. It is not cleared.</summary>
/// <typeparam name="T">What lies in it.</typeparam>
internal sealed unsafe class PinnedBuffer<T> : IDisposable
    where T : unmanaged
{
    private readonly CudaPageLockedHostMemory<byte> _memory;

    /// <param name="length">Number of elements, at least 1.</param>
    /// <param name="purpose">For the message where no more can be pinned: "the masks".</param>
    /// <exception cref="InspectionException">So much memory can't be pinned.</exception>
    public PinnedBuffer(long length, string purpose)
    {
        Length = length;
        long bytes = length * sizeof(T);
        try
        {
            _memory = new CudaPageLockedHostMemory<byte>(bytes);
        }
        catch (CudaException exception) when (exception.CudaError == CUResult.ErrorOutOfMemory)
        {
            throw DeviceMemory.Exhausted(bytes, $"{purpose} on the host's side", exception);
        }
    }

    /// <summary>Number of elements.</summary>
    public long Length { get; }

    /// <summary>All elements; not to be used after <see cref="Dispose"/>, nor while a copy of the device's is under way.</summary>
    public Span<T> Values => Slice(0, checked((int)Length));

    /// <summary>Some elements, likewise.</summary>
    public Span<T> Slice(long first, int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(first);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(first + count, Length, nameof(count));
        return new Span<T>((void*)At(first), count);
    }

    /// <summary>An element's place, for the driver.</summary>
    public nint At(long index) => _memory.PinnedHostPointer + ((nint)index * Unsafe.SizeOf<T>());

    /// <summary>Copies the first elements into another.</summary>
    public void CopyTo(PinnedBuffer<T> other, long count) =>
        Buffer.MemoryCopy((void*)At(0), (void*)other.At(0), other.Length * sizeof(T), count * sizeof(T));

    public void Dispose() => _memory.Dispose();
}

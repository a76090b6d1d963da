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
    public PinnedBuffer(int length, string purpose)
    {
        Length = length;
        long bytes = (long)length * sizeof(T);
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
    public int Length { get; }

    /// <summary>All elements; not to be used after <see cref="Dispose"/>, nor while a copy of the device's is under way.</summary>
    public Span<T> Values => new((void*)_memory.PinnedHostPointer, Length);

    /// <summary>An element's place, for the driver.</summary>
    public nint At(int index) => _memory.PinnedHostPointer + ((nint)index * Unsafe.SizeOf<T>());

    public void Dispose() => _memory.Dispose();
}

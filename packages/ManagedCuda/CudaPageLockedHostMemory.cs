using System.Collections;
using System.Runtime.CompilerServices;
using ManagedCuda.BasicTypes;
using static ManagedCuda.DriverAPINativeMethods;

namespace ManagedCuda;

/// <summary>Pinned host memory: copies from and to it run beside the calling thread. The memory is not cleared.</summary>
/// <typeparam name="T">A type without references, laid out as in C.</typeparam>
public class CudaPageLockedHostMemory<T> : IDisposable, IEnumerable<T>
    where T : struct
{
    private readonly SizeT _size;
    private IntPtr _pointer;
    private bool _isDisposed;

    /// <param name="size">A number of elements, at least 1.</param>
    public CudaPageLockedHostMemory(SizeT size)
    {
        _size = size;
        IsOwner = true;
        CudaException.ThrowUnlessSuccess(MemoryManagement.cuMemAllocHost_v2(ref _pointer, SizeInBytes));
    }

    /// <param name="size">A number of elements, at least 1.</param>
    /// <param name="allocFlags">What it is for.</param>
    public CudaPageLockedHostMemory(SizeT size, CUMemHostAllocFlags allocFlags)
    {
        _size = size;
        IsOwner = true;
        CudaException.ThrowUnlessSuccess(MemoryManagement.cuMemHostAlloc(ref _pointer, SizeInBytes, allocFlags));
    }

    public IntPtr PinnedHostPointer => _pointer;

    /// <summary>The number of elements.</summary>
    public SizeT Size => _size;

    public SizeT SizeInBytes => (ulong)_size * (ulong)Unsafe.SizeOf<T>();

    /// <summary>Whether disposing frees the memory.</summary>
    public bool IsOwner { get; }

    /// <summary>One element; for many, make a span over <see cref="PinnedHostPointer"/>.</summary>
    public T this[SizeT index]
    {
        get => ElementAt(index);
        set => ElementAt(index) = value;
    }

    /// <summary>Copies all of this memory to device memory.</summary>
    public void AsyncCopyToDevice(CUdeviceptr devicePtr, CUstream stream)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        CudaException.ThrowUnlessSuccess(AsynchronousMemcpy_v2.cuMemcpyHtoDAsync_v2(devicePtr, _pointer, SizeInBytes, stream));
    }

    /// <inheritdoc cref="AsyncCopyToDevice(CUdeviceptr, CUstream)"/>
    public void AsyncCopyToDevice(CudaDeviceVariable<T> deviceVar, CUstream stream) => AsyncCopyToDevice(deviceVar.DevicePointer, stream);

    /// <summary>Fills all of this memory from device memory.</summary>
    public void AsyncCopyFromDevice(CUdeviceptr devicePtr, CUstream stream)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        CudaException.ThrowUnlessSuccess(AsynchronousMemcpy_v2.cuMemcpyDtoHAsync_v2(_pointer, devicePtr, SizeInBytes, stream));
    }

    /// <inheritdoc cref="AsyncCopyFromDevice(CUdeviceptr, CUstream)"/>
    public void AsyncCopyFromDevice(CudaDeviceVariable<T> deviceVar, CUstream stream) => AsyncCopyFromDevice(deviceVar.DevicePointer, stream);

    public IEnumerator<T> GetEnumerator()
    {
        for (ulong index = 0; index < _size; index++)
            yield return this[index];
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool fDisposing)
    {
        // The memory may have gone with its context.
        if (fDisposing && !_isDisposed && IsOwner)
            _ = MemoryManagement.cuMemFreeHost(_pointer);

        _isDisposed = true;
    }

    private unsafe ref T ElementAt(ulong index)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, (ulong)_size);
        return ref Unsafe.Add(ref Unsafe.AsRef<T>((void*)_pointer), (nint)index);
    }
}

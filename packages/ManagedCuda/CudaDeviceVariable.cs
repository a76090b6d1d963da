using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using ManagedCuda.BasicTypes;
using static ManagedCuda.DriverAPINativeMethods;

namespace ManagedCuda;

/// <summary>Elements in device memory of the current context. The memory is not cleared.</summary>
/// <typeparam name="T">A type without references, laid out as in C.</typeparam>
public class CudaDeviceVariable<T> : IDisposable
    where T : struct
{
    private readonly SizeT _size;
    private CUdeviceptr _devicePointer;
    private bool _isDisposed;

    /// <param name="size">A number of elements, at least 1.</param>
    public CudaDeviceVariable(SizeT size)
    {
        _size = size;
        IsOwner = true;
        CudaException.ThrowUnlessSuccess(MemoryManagement.cuMemAlloc_v2(ref _devicePointer, SizeInBytes));
    }

    /// <summary>Wraps memory; disposing leaves it alone.</summary>
    /// <param name="devPtr">The memory.</param>
    /// <param name="size">A number of bytes.</param>
    public CudaDeviceVariable(CUdeviceptr devPtr, SizeT size)
        : this(devPtr, false, size)
    {
    }

    /// <param name="devPtr">The memory.</param>
    /// <param name="isOwner">Whether disposing frees it.</param>
    /// <param name="size">A number of bytes.</param>
    public CudaDeviceVariable(CUdeviceptr devPtr, bool isOwner, SizeT size)
    {
        ulong bytes = size;
        ulong elementSize = TypeSize;
        if (bytes % elementSize != 0)
            throw new ArgumentException($"{bytes} bytes are no whole number of elements of {elementSize} bytes.", nameof(size));

        _devicePointer = devPtr;
        _size = bytes / elementSize;
        IsOwner = isOwner;
    }

    public CUdeviceptr DevicePointer => _devicePointer;

    /// <summary>The number of elements.</summary>
    public SizeT Size => _size;

    public SizeT SizeInBytes => (ulong)_size * (ulong)TypeSize;

    /// <summary>Bytes of an element.</summary>
    public SizeT TypeSize => Unsafe.SizeOf<T>();

    /// <summary>Whether disposing frees the memory.</summary>
    public bool IsOwner { get; }

    /// <summary>Copies as many elements as the array has, at most <see cref="Size"/>.</summary>
    public void CopyToDevice(T[] source) => CopyPinned(source, pointer =>
        SynchronousMemcpy_v2.cuMemcpyHtoD_v2(_devicePointer, pointer, BytesOf(source)));

    /// <summary>Copies as many elements as the array has, at most <see cref="Size"/>.</summary>
    public void CopyToHost(T[] dest) => CopyPinned(dest, pointer =>
        SynchronousMemcpy_v2.cuMemcpyDtoH_v2(pointer, _devicePointer, BytesOf(dest)));

    /// <summary>Copies all of <paramref name="source"/>, which must be of the same size.</summary>
    public void AsyncCopyToDevice(CudaDeviceVariable<T> source, CUstream stream)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        CudaException.ThrowUnlessSuccess(
            AsynchronousMemcpy_v2.cuMemcpyDtoDAsync_v2(_devicePointer, source.DevicePointer, source.SizeInBytes, stream));
    }

    /// <summary>Sets every byte.</summary>
    public void Memset(byte aValue)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        CudaException.ThrowUnlessSuccess(DriverAPINativeMethods.Memset.cuMemsetD8_v2(_devicePointer, aValue, SizeInBytes));
    }

    /// <summary>Sets every byte, in the stream's order.</summary>
    public void MemsetAsync(byte aValue, CUstream stream)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        CudaException.ThrowUnlessSuccess(DriverAPINativeMethods.MemsetAsync.cuMemsetD8Async(_devicePointer, aValue, SizeInBytes, stream));
    }

    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool fDisposing)
    {
        // The memory may have gone with its context.
        if (fDisposing && !_isDisposed && IsOwner)
            _ = MemoryManagement.cuMemFree_v2(_devicePointer);

        _isDisposed = true;
    }

    private static SizeT BytesOf(T[] elements) => (long)elements.Length * Unsafe.SizeOf<T>();

    private void CopyPinned(T[] elements, Func<IntPtr, CUResult> copy)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        GCHandle pinned = GCHandle.Alloc(elements, GCHandleType.Pinned);
        try
        {
            CudaException.ThrowUnlessSuccess(copy(pinned.AddrOfPinnedObject()));
        }
        finally
        {
            pinned.Free();
        }
    }
}

using System.Buffers;
using YMaskNet.V1;

namespace YMaskNet.Client;

/// <summary>
/// A place for one image in shared memory. Fill it, send images that lie in it, and dispose of it when their answers have
/// come: it is the lease's to give out again then.
/// </summary>
public sealed class SharedMemorySlot : IDisposable
{
    private readonly SharedMemoryLease _lease;
    private readonly IMemoryOwner<byte> _memory;
    private int _isReturned;

    internal SharedMemorySlot(SharedMemoryLease lease, int index, IMemoryOwner<byte> memory)
    {
        _lease = lease;
        _memory = memory;
        Index = index;
    }

    /// <summary>Index of the slot in its lease.</summary>
    public int Index { get; }

    /// <summary>
    /// The slot's bytes, which the server sees. What an image before has left is still there. Pin it to give a camera its
    /// address. Not to be used once the slot is disposed of.
    /// </summary>
    public Memory<byte> Memory => _memory.Memory;

    /// <summary>The slot's bytes, which the server sees.</summary>
    public Span<byte> Span => _memory.Memory.Span;

    /// <summary>
    /// An image that lies in the slot: uncompressed pixels, row-major, top row first. They must stay as they are until the
    /// answer has come. A slot may hold several images, and one may be sent any number of times.
    /// </summary>
    /// <param name="pixelFormat">Layout of a pixel, under its GenICam PFNC number.</param>
    /// <param name="width">Unit: pixels. Range: at least 1.</param>
    /// <param name="height">Unit: pixels. Range: at least 1.</param>
    /// <param name="stride">Bytes from one row's start to the next. Default: 0, no padding.</param>
    /// <param name="offset">Where in the slot the first pixel lies. Unit: bytes. Default: 0.</param>
    public ImageInput ToImage(PixelFormat pixelFormat, int width, int height, int stride = 0, long offset = 0)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(stride);
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        return new ImageInput(new Image
        {
            Shared = new SharedImage
            {
                LeaseId = _lease.Id,
                Slot = (uint)Index,
                Offset = (ulong)offset,
                PixelFormat = pixelFormat,
                Width = (uint)width,
                Height = (uint)height,
                Stride = (uint)stride,
            },
        });
    }

    /// <summary>Gives the slot back to its lease. Later calls do nothing.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _isReturned, 1) != 0)
            return;

        _memory.Dispose();
        _lease.Return(Index);
    }
}

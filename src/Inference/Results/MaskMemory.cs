using System.Buffers;

namespace YMaskNet.Inference.Results;

/// <summary>
/// The bits of a result's masks, one after the other in one pooled array, which disposing gives back. Masks of huge boxes, for
/// which there is no room, lie in arrays of their own.
/// </summary>
/// <param name="bytes">What all masks take together.</param>
internal sealed class MaskMemory(long bytes) : IDisposable
{
    private const long MostPooled = 1 << 20;

    private byte[]? _rented = ArrayPool<byte>.Shared.Rent((int)Math.Min(bytes, MostPooled));
    private int _taken;

    /// <summary>The next mask's bytes, all 0.</summary>
    public ArraySegment<byte> Take(int length)
    {
        ObjectDisposedException.ThrowIf(_rented is null, this);
        if (length > _rented.Length - _taken)
            return new byte[length];
        ArraySegment<byte> segment = new(_rented, _taken, length);
        segment.AsSpan().Clear();
        _taken += length;
        return segment;
    }

    /// <summary>Gives the memory back to the pool. Later calls do nothing.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _rented, null) is { } rented)
            ArrayPool<byte>.Shared.Return(rented);
    }
}

using System.Buffers;
using YMaskNet.Inference.Frames;

namespace YMaskNet.Inference.Boards;

/// <summary>The pixels of one tile, copied, so that the board's rows may go while the tile waits for a lane.</summary>
internal sealed class TileImage : IDisposable
{
    private byte[]? _rented;

    private TileImage(byte[] rented, SampleImage source)
    {
        _rented = rented;
        Source = source;
    }

    /// <summary>The tile as an image; not to be used after <see cref="Dispose"/>.</summary>
    public SampleImage Source { get; }

    /// <summary>Cuts a tile; what lies beyond the board repeats its last column or row.</summary>
    public static TileImage Cut(IBoardRows board, int left, int top, int width, int height)
    {
        SampleLayout layout = board.Layout;
        int rowBytes = width * layout.BytesPerPixel;
        byte[] rented = ArrayPool<byte>.Shared.Rent(rowBytes * height);
        int inside = Math.Min(width, board.Width - left) * layout.BytesPerPixel;
        for (int y = 0; y < height; y++)
        {
            ReadOnlySpan<byte> source = board.Row(Math.Min(top + y, board.Height - 1)).Slice(left * layout.BytesPerPixel, inside);
            Span<byte> target = rented.AsSpan(y * rowBytes, rowBytes);
            source.CopyTo(target);
            for (int beyond = inside; beyond < rowBytes; beyond++)
                target[beyond] = target[beyond - layout.BytesPerPixel];
        }

        return new TileImage(rented, new SampleImage(
            rented.AsMemory(0, rowBytes * height), width, height, layout.Channels, layout.BitsPerSample, layout.MaxSample));
    }

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _rented, null) is { } rented)
            ArrayPool<byte>.Shared.Return(rented);
    }
}

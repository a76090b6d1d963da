using System.Buffers;
using YMaskNet.Inference.Results;

namespace YMaskNet.Inference.Segmentation;

/// <summary>The class id of every pixel of an image, <c>[height, width]</c>, in pooled memory.</summary>
internal sealed class ClassMap : IDisposable
{
    private byte[]? _rented;

    /// <param name="width">Unit: pixels.</param>
    /// <param name="height">Unit: pixels.</param>
    public ClassMap(int width, int height)
    {
        Width = width;
        Height = height;
        _rented = ArrayPool<byte>.Shared.Rent(checked(width * height));
    }

    /// <summary>Unit: pixels.</summary>
    public int Width { get; }

    /// <summary>Unit: pixels.</summary>
    public int Height { get; }

    /// <summary>Row by row; not to be used after <see cref="Dispose"/>.</summary>
    public Span<byte> Classes
    {
        get
        {
            ObjectDisposedException.ThrowIf(_rented is null, this);
            return _rented.AsSpan(0, Width * Height);
        }
    }

    /// <summary>Gives the pixels of a mask, which lies within the image, another class.</summary>
    public void Fill(BinaryMask mask, byte classId)
    {
        Span<byte> classes = Classes;
        for (int row = 0; row < mask.Height; row++)
        {
            Span<byte> pixels = classes.Slice(((mask.Y + row) * Width) + mask.X, mask.Width);
            for (int column = 0; column < pixels.Length; column++)
            {
                if (mask[column, row])
                    pixels[column] = classId;
            }
        }
    }

    /// <summary>Gives the memory back to the pool. Later calls do nothing.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _rented, null) is { } rented)
            ArrayPool<byte>.Shared.Return(rented);
    }
}

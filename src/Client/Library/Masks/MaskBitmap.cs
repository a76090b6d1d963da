namespace YMaskNet.Client.Masks;

/// <summary>
/// The pixels of a mask inside its bounding rectangle, which lies at (<see cref="X"/>, <see cref="Y"/>) in the image.
/// Outside the rectangle no pixel belongs to the mask.
/// </summary>
public sealed class MaskBitmap
{
    private readonly bool[] _pixels;

    internal MaskBitmap(int x, int y, int width, int height, bool[] pixels)
    {
        X = x;
        Y = y;
        Width = width;
        Height = height;
        _pixels = pixels;
        Area = pixels.AsSpan().Count(true);
    }

    /// <summary>A mask without pixels.</summary>
    public static MaskBitmap Empty { get; } = new(0, 0, 0, 0, []);

    /// <summary>Column of the rectangle's left-most pixel. Unit: image pixels.</summary>
    public int X { get; }

    /// <summary>Row of the rectangle's top-most pixel. Unit: image pixels.</summary>
    public int Y { get; }

    /// <summary>Width of the rectangle. Unit: pixels.</summary>
    public int Width { get; }

    /// <summary>Height of the rectangle. Unit: pixels.</summary>
    public int Height { get; }

    /// <summary>Number of pixels in the mask.</summary>
    public int Area { get; }

    /// <summary>Whether the pixel at a column and a row of the image belongs to the mask; any numbers are allowed.</summary>
    public bool Contains(int x, int y)
    {
        int column = x - X;
        int row = y - Y;
        return (uint)column < (uint)Width && (uint)row < (uint)Height && _pixels[row * Width + column];
    }

    /// <summary>A row of the rectangle: element i says whether column <see cref="X"/> + i belongs to the mask.</summary>
    /// <param name="row">Range: 0 to <see cref="Height"/> - 1; row 0 is the image's row <see cref="Y"/>.</param>
    public ReadOnlySpan<bool> Row(int row) => _pixels.AsSpan(row * Width, Width);
}

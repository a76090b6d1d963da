namespace YMaskNet.Testing;

/// <summary>
/// An 8-bit grey picture of a black board with blobs, as the tiny networks know them. A picture of 64 x 64 reaches the
/// networks as it is; a blob that fills cells of the 8-pixel grid is found for certain.
/// </summary>
/// <param name="width">Unit: pixels.</param>
/// <param name="height">Unit: pixels.</param>
public sealed class BlobBoard(int width, int height)
{
    /// <summary>Grey level of class <c>dull</c>.</summary>
    public const byte Dull = 204;

    /// <summary>Grey level of class <c>bright</c>.</summary>
    public const byte Bright = 255;

    /// <summary>Unit: pixels.</summary>
    public int Width { get; } = width;

    /// <summary>Unit: pixels.</summary>
    public int Height { get; } = height;

    /// <summary>Row-major, top row first, without padding.</summary>
    public byte[] Pixels { get; } = new byte[width * height];

    /// <summary>
    /// 64 x 64 with a dull blob in the cell from (8, 16) and a bright one in the cell from (40, 32), 8 x 8 pixels each.
    /// </summary>
    public static BlobBoard TwoBlobs() => new BlobBoard(64, 64).Fill(8, 16, 8, 8, Dull).Fill(40, 32, 8, 8, Bright);

    /// <summary>Fills a rectangle.</summary>
    public BlobBoard Fill(int x, int y, int width, int height, byte level)
    {
        for (int row = y; row < y + height; row++)
            Pixels.AsSpan((row * Width) + x, width).Fill(level);
        return this;
    }
}

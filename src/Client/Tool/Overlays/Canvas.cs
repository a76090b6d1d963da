using YMaskNet.Client.Masks;
using YMaskNet.Imaging;

namespace YMaskNet.Client.Tool.Overlays;

/// <summary>A colour picture to draw on. What lies outside it is not drawn.</summary>
internal sealed class Canvas
{
    private const int Channels = 3;

    private readonly byte[] _pixels;

    private Canvas(int width, int height)
    {
        Width = width;
        Height = height;
        _pixels = new byte[checked(width * height * Channels)];
    }

    public int Width { get; }

    public int Height { get; }

    public Colour this[int x, int y]
    {
        get
        {
            int offset = OffsetOf(x, y);
            return new Colour(_pixels[offset], _pixels[offset + 1], _pixels[offset + 2]);
        }
    }

    /// <summary>A copy of an image: grey becomes colour, 16-bit samples lose their lower half.</summary>
    public static Canvas From(PixelBuffer image)
    {
        Canvas canvas = new(image.Width, image.Height);
        int step = image.Channels == 1 ? 0 : 1;
        int target = 0;
        for (int y = 0; y < image.Height; y++)
        {
            ReadOnlySpan<byte> row8 = image.BitsPerSample == 8 ? image.Row8(y) : [];
            ReadOnlySpan<ushort> row16 = image.BitsPerSample == 16 ? image.Row16(y) : [];
            for (int x = 0; x < image.Width; x++)
            {
                for (int channel = 0; channel < Channels; channel++)
                {
                    int source = x * image.Channels + channel * step;
                    canvas._pixels[target++] = row8.IsEmpty ? (byte)(row16[source] >> 8) : row8[source];
                }
            }
        }

        return canvas;
    }

    public byte[] ToPng() => PngEncoder.EncodeRgb8(_pixels, Width, Height);

    /// <summary>Tints the pixels of a mask.</summary>
    /// <param name="mask">The mask, in this picture's pixels.</param>
    /// <param name="colour">The tint.</param>
    /// <param name="opacity">0 leaves the picture as it is, 1 covers it.</param>
    public void Tint(MaskBitmap mask, Colour colour, float opacity)
    {
        for (int row = 0; row < mask.Height; row++)
        {
            ReadOnlySpan<bool> pixels = mask.Row(row);
            for (int column = 0; column < pixels.Length; column++)
            {
                if (pixels[column])
                    Blend(mask.X + column, mask.Y + row, colour, opacity);
            }
        }
    }

    /// <summary>Draws the border of a mask, on the mask's own outermost pixels.</summary>
    public void Outline(MaskBitmap mask, Colour colour)
    {
        for (int y = mask.Y; y < mask.Y + mask.Height; y++)
        {
            for (int x = mask.X; x < mask.X + mask.Width; x++)
            {
                bool isBorder = mask.Contains(x, y)
                    && !(mask.Contains(x - 1, y) && mask.Contains(x + 1, y) && mask.Contains(x, y - 1) && mask.Contains(x, y + 1));
                if (isBorder)
                    Blend(x, y, colour, 1);
            }
        }
    }

    public void Fill(PixelRectangle rectangle, Colour colour)
    {
        PixelRectangle visible = rectangle.ClippedTo(Width, Height);
        for (int y = visible.Top; y < visible.Bottom; y++)
        {
            for (int x = visible.Left; x < visible.Right; x++)
                Blend(x, y, colour, 1);
        }
    }

    /// <summary>Draws a frame around a rectangle: its innermost line lies on the rectangle's outermost pixels.</summary>
    public void Frame(PixelRectangle rectangle, int thickness, Colour colour)
    {
        int outwards = thickness - 1;
        (int left, int top, int right, int bottom) =
            (rectangle.Left - outwards, rectangle.Top - outwards, rectangle.Right + outwards, rectangle.Bottom + outwards);
        Fill(new PixelRectangle(left, top, right, top + thickness), colour);
        Fill(new PixelRectangle(left, bottom - thickness, right, bottom), colour);
        Fill(new PixelRectangle(left, top, left + thickness, bottom), colour);
        Fill(new PixelRectangle(right - thickness, top, right, bottom), colour);
    }

    /// <summary>Writes a line of text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="x">Left edge of the first character.</param>
    /// <param name="y">Top edge of the line.</param>
    /// <param name="scale">Picture pixels per pixel of the font.</param>
    /// <param name="colour">Colour of the characters; what is between them stays.</param>
    public void Write(string text, int x, int y, int scale, Colour colour)
    {
        foreach (char character in text)
        {
            ReadOnlySpan<byte> rows = BitmapFont.RowsOf(character);
            for (int row = 0; row < BitmapFont.GlyphHeight; row++)
            {
                for (int column = 0; column < BitmapFont.GlyphWidth; column++)
                {
                    if ((rows[row] >> (BitmapFont.GlyphWidth - 1 - column) & 1) == 0)
                        continue;
                    (int left, int top) = (x + column * scale, y + row * scale);
                    Fill(new PixelRectangle(left, top, left + scale, top + scale), colour);
                }
            }

            x += BitmapFont.Advance * scale;
        }
    }

    private void Blend(int x, int y, Colour colour, float opacity)
    {
        int offset = OffsetOf(x, y);
        _pixels[offset] = Mix(_pixels[offset], colour.Red, opacity);
        _pixels[offset + 1] = Mix(_pixels[offset + 1], colour.Green, opacity);
        _pixels[offset + 2] = Mix(_pixels[offset + 2], colour.Blue, opacity);
    }

    private static byte Mix(byte below, byte above, float opacity) =>
        (byte)MathF.Round(below + (above - below) * opacity);

    private int OffsetOf(int x, int y) => (y * Width + x) * Channels;
}

using YMaskNet.Imaging;

namespace YMaskNet.Inference.Frames;

/// <summary>
/// Colour from an 8-bit Bayer mosaic whose top-left 2 x 2 cell is R G / G B. A colour that a pixel lacks is the mean of its
/// nearest neighbours of that colour, rounded half up. The image is mirrored at its border pixels, which keeps the mosaic's
/// order: a neighbour that is missing is replaced by the one on the other side.
/// </summary>
internal static class BayerMosaic
{
    /// <summary>Interpolates bilinearly.</summary>
    /// <param name="mosaic">[height, width], rows <paramref name="stride"/> bytes apart.</param>
    /// <param name="width">Range: >= 2.</param>
    /// <param name="height">Range: >= 2.</param>
    /// <param name="stride">Bytes from row to row.</param>
    /// <returns>8-bit red, green, blue; the caller disposes of it.</returns>
    public static PixelBuffer Interpolate(ReadOnlySpan<byte> mosaic, int width, int height, int stride)
    {
        PixelBuffer pixels = PixelBuffer.Allocate(width, height, channels: 3, bitsPerSample: 8);
        for (int y = 0; y < height; y++)
        {
            ReadOnlySpan<byte> above = mosaic.Slice((y == 0 ? 1 : y - 1) * stride, width);
            ReadOnlySpan<byte> row = mosaic.Slice(y * stride, width);
            ReadOnlySpan<byte> below = mosaic.Slice((y == height - 1 ? y - 1 : y + 1) * stride, width);
            InterpolateRow(y, above, row, below, pixels.Row8(y));
        }

        return pixels;
    }

    /// <summary>Interpolates one row.</summary>
    /// <param name="y">Number of the row, which says what its colours are.</param>
    /// <param name="above">The row above; for the first row the one below.</param>
    /// <param name="row">The row.</param>
    /// <param name="below">The row below; for the last row the one above.</param>
    /// <param name="rgb">Three samples for each pixel.</param>
    public static void InterpolateRow(
        int y, ReadOnlySpan<byte> above, ReadOnlySpan<byte> row, ReadOnlySpan<byte> below, Span<byte> rgb)
    {
        if (y % 2 == 0)
            InterpolateRedRow(above, row, below, rgb);
        else
            InterpolateBlueRow(above, row, below, rgb);
    }

    /// <summary>A row R G R G: what is beside a red pixel is green, what is above a green one is blue.</summary>
    private static void InterpolateRedRow(
        ReadOnlySpan<byte> above, ReadOnlySpan<byte> row, ReadOnlySpan<byte> below, Span<byte> rgb)
    {
        for (int x = 0; x < row.Length; x++)
        {
            Neighbours(x, row.Length, out int left, out int right);
            Span<byte> pixel = rgb.Slice(x * 3, 3);
            if (x % 2 == 0)
            {
                pixel[0] = row[x];
                pixel[1] = Mean(row[left], row[right], above[x], below[x]);
                pixel[2] = Mean(above[left], above[right], below[left], below[right]);
            }
            else
            {
                pixel[0] = Mean(row[left], row[right]);
                pixel[1] = row[x];
                pixel[2] = Mean(above[x], below[x]);
            }
        }
    }

    /// <summary>A row G B G B: what is beside a blue pixel is green, what is above a green one is red.</summary>
    private static void InterpolateBlueRow(
        ReadOnlySpan<byte> above, ReadOnlySpan<byte> row, ReadOnlySpan<byte> below, Span<byte> rgb)
    {
        for (int x = 0; x < row.Length; x++)
        {
            Neighbours(x, row.Length, out int left, out int right);
            Span<byte> pixel = rgb.Slice(x * 3, 3);
            if (x % 2 == 0)
            {
                pixel[0] = Mean(above[x], below[x]);
                pixel[1] = row[x];
                pixel[2] = Mean(row[left], row[right]);
            }
            else
            {
                pixel[0] = Mean(above[left], above[right], below[left], below[right]);
                pixel[1] = Mean(row[left], row[right], above[x], below[x]);
                pixel[2] = row[x];
            }
        }
    }

    private static void Neighbours(int x, int width, out int left, out int right)
    {
        left = x == 0 ? 1 : x - 1;
        right = x == width - 1 ? x - 1 : x + 1;
    }

    private static byte Mean(int a, int b) => (byte)((a + b + 1) / 2);

    private static byte Mean(int a, int b, int c, int d) => (byte)((a + b + c + d + 2) / 4);
}

using System.Buffers.Binary;
using System.Numerics;

namespace YMaskNet.Imaging.Formats;

/// <summary>
/// Reads uncompressed BMP files: 1, 4 and 8 bits with a palette, 16 and 32 bits with or without bit fields, 24 bits;
/// bottom-up and top-down. Alpha is dropped.
/// </summary>
internal static class BmpDecoder
{
    private const int RowsBetweenCancellationChecks = 64;

    /// <summary>What the headers say.</summary>
    public static ImageInfo ReadInfo(ReadOnlySpan<byte> file)
    {
        BmpHeader header = BmpHeader.Read(file);
        return Describe(header, ReadPalette(file, header));
    }

    /// <summary>Decodes the pixels.</summary>
    public static PixelBuffer Decode(ReadOnlySpan<byte> file, ImageLimits limits, CancellationToken cancellationToken)
    {
        BmpHeader header = BmpHeader.Read(file);
        BmpPalette? palette = ReadPalette(file, header);
        ImageInfo info = Describe(header, palette);
        limits.Check(info);

        // Writers are known to leave out the padding of the last row.
        long rowBytes = (((long)header.Width * header.BitsPerPixel) + 7) / 8;
        if (file.Length - (long)header.PixelOffset < (header.Stride * (header.Height - 1)) + rowBytes)
            throw BmpHeader.Truncated();

        PixelBuffer pixels = PixelBuffer.Allocate(info.Width, info.Height, info.Channels, info.BitsPerSample);
        try
        {
            for (int stored = 0; stored < header.Height; stored++)
            {
                if (stored % RowsBetweenCancellationChecks == 0)
                    cancellationToken.ThrowIfCancellationRequested();
                int y = header.IsTopDown ? stored : header.Height - 1 - stored;
                ReadOnlySpan<byte> row = file.Slice((int)(header.PixelOffset + (stored * header.Stride)), (int)rowBytes);
                DecodeRow(row, header, palette, pixels.Row8(y));
            }

            return pixels;
        }
        catch
        {
            pixels.Dispose();
            throw;
        }
    }

    private static BmpPalette? ReadPalette(ReadOnlySpan<byte> file, in BmpHeader header) =>
        header.PaletteCount > 0 ? BmpPalette.Read(file, header) : null;

    private static ImageInfo Describe(in BmpHeader header, BmpPalette? palette) =>
        new(ImageFileFormat.Bmp, header.Width, header.Height, palette is { IsGrey: true } ? 1 : 3, BitsPerSample: 8);

    private static void DecodeRow(ReadOnlySpan<byte> stored, in BmpHeader header, BmpPalette? palette, Span<byte> row)
    {
        if (palette is not null)
            palette.ExpandRow(stored, header.BitsPerPixel, row);
        else if (header.BitsPerPixel == 24)
            SwapBlueAndRed(stored, row);
        else
            ExpandBitFields(stored, header, row);
    }

    private static void SwapBlueAndRed(ReadOnlySpan<byte> bgr, Span<byte> rgb)
    {
        for (int i = 0; i < rgb.Length; i += 3)
        {
            rgb[i] = bgr[i + 2];
            rgb[i + 1] = bgr[i + 1];
            rgb[i + 2] = bgr[i];
        }
    }

    private static void ExpandBitFields(ReadOnlySpan<byte> stored, in BmpHeader header, Span<byte> rgb)
    {
        int bytes = header.BitsPerPixel / 8;
        for (int i = 0, position = 0; i < rgb.Length; i += 3, position += bytes)
        {
            ReadOnlySpan<byte> pixel = stored.Slice(position, bytes);
            uint bits = bytes == 4
                ? BinaryPrimitives.ReadUInt32LittleEndian(pixel)
                : BinaryPrimitives.ReadUInt16LittleEndian(pixel);
            rgb[i] = ToByte(bits, header.Red);
            rgb[i + 1] = ToByte(bits, header.Green);
            rgb[i + 2] = ToByte(bits, header.Blue);
        }
    }

    /// <summary>Scales a field of any number of bits to 0..255, to the nearest.</summary>
    private static byte ToByte(uint bits, uint mask)
    {
        int shift = BitOperations.TrailingZeroCount(mask);
        ulong largest = mask >> shift;
        ulong value = (bits & mask) >> shift;
        return (byte)(((value * 255) + (largest / 2)) / largest);
    }
}

namespace YMaskNet.Imaging.Formats;

/// <summary>Colours of a BMP file of at most 8 bits per pixel.</summary>
internal sealed class BmpPalette
{
    private readonly byte[] _bgr;

    private BmpPalette(byte[] bgr)
    {
        _bgr = bgr;
        IsGrey = true;
        for (int i = 0; i < bgr.Length; i += 3)
            IsGrey &= bgr[i] == bgr[i + 1] && bgr[i] == bgr[i + 2];
    }

    /// <summary>Number of colours.</summary>
    public int Count => _bgr.Length / 3;

    /// <summary>Whether red, green and blue of every colour are equal, as in the files of monochrome cameras.</summary>
    public bool IsGrey { get; }

    /// <summary>Reads the palette that the header announces.</summary>
    public static BmpPalette Read(ReadOnlySpan<byte> file, in BmpHeader header)
    {
        if (file.Length < header.PaletteOffset + (header.PaletteCount * header.PaletteEntrySize))
            throw BmpHeader.Truncated();

        byte[] bgr = new byte[header.PaletteCount * 3];
        for (int i = 0; i < header.PaletteCount; i++)
            file.Slice(header.PaletteOffset + (i * header.PaletteEntrySize), 3).CopyTo(bgr.AsSpan(i * 3));
        return new BmpPalette(bgr);
    }

    /// <summary>Replaces the indices of a stored row by grey values or by red, green, blue.</summary>
    /// <exception cref="ImageDecodeException">An index lies beyond the palette.</exception>
    public void ExpandRow(ReadOnlySpan<byte> stored, int bitsPerPixel, Span<byte> row)
    {
        int channels = IsGrey ? 1 : 3;
        int perByte = 8 / bitsPerPixel;
        int mask = (1 << bitsPerPixel) - 1;
        int width = row.Length / channels;
        for (int x = 0; x < width; x++)
        {
            int shift = 8 - (bitsPerPixel * ((x % perByte) + 1));
            int index = (stored[x / perByte] >> shift) & mask;
            if (index >= Count)
                throw BmpHeader.Damaged($"a pixel has colour {index} of a palette of {Count}");

            ReadOnlySpan<byte> colour = _bgr.AsSpan(index * 3, 3);
            if (IsGrey)
            {
                row[x] = colour[0];
            }
            else
            {
                row[x * 3] = colour[2];
                row[(x * 3) + 1] = colour[1];
                row[(x * 3) + 2] = colour[0];
            }
        }
    }
}

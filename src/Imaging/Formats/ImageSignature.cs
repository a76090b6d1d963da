namespace YMaskNet.Imaging.Formats;

/// <summary>Recognises file formats by their first bytes, whatever a file is called.</summary>
internal static class ImageSignature
{
    private static readonly (ImageFileFormat Format, byte[] Bytes)[] Signatures =
    [
        (ImageFileFormat.Jpeg, [0xFF, 0xD8, 0xFF]),
        (ImageFileFormat.Png, [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A]),
        (ImageFileFormat.Tiff, [(byte)'I', (byte)'I', 42, 0]),
        (ImageFileFormat.Tiff, [(byte)'M', (byte)'M', 0, 42]),
        (ImageFileFormat.Tiff, [(byte)'I', (byte)'I', 43, 0]),
        (ImageFileFormat.Tiff, [(byte)'M', (byte)'M', 0, 43]),
        (ImageFileFormat.Bmp, [(byte)'B', (byte)'M']),
    ];

    /// <summary>The format whose signature the file has.</summary>
    /// <exception cref="ImageDecodeException">
    /// <see cref="ImageDecodeError.Empty"/>; <see cref="ImageDecodeError.Truncated"/> if the file is the beginning of
    /// a signature; <see cref="ImageDecodeError.UnknownFormat"/>.
    /// </exception>
    public static ImageFileFormat Recognise(ReadOnlySpan<byte> file)
    {
        if (file.IsEmpty)
            throw new ImageDecodeException(ImageDecodeError.Empty, "The image file has no bytes.");

        bool cutShort = false;
        foreach ((ImageFileFormat format, byte[] bytes) in Signatures)
        {
            if (file.StartsWith(bytes))
                return format;
            cutShort |= bytes.AsSpan().StartsWith(file);
        }

        // RIFF, the file's size in four bytes, WEBP.
        int riff = Math.Min(4, file.Length);
        int webp = Math.Clamp(file.Length - 8, 0, 4);
        if (file[..riff].SequenceEqual("RIFF"u8[..riff])
            && (webp == 0 || file.Slice(8, webp).SequenceEqual("WEBP"u8[..webp])))
        {
            if (webp == 4)
                return ImageFileFormat.WebP;
            cutShort = true;
        }

        throw cutShort
            ? new ImageDecodeException(
                ImageDecodeError.Truncated, $"The image file of {file.Length} bytes ends within its signature.")
            : new ImageDecodeException(
                ImageDecodeError.UnknownFormat, "The bytes are not a JPEG, PNG, TIFF, WebP or BMP file.");
    }

    /// <summary>The format's name as people write it.</summary>
    public static string DisplayName(this ImageFileFormat format) =>
        format == ImageFileFormat.WebP ? "WebP" : format.ToString().ToUpperInvariant();
}

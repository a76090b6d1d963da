using YMaskNet.Imaging.Formats;
using YMaskNet.Imaging.Libvips;

namespace YMaskNet.Imaging;

/// <summary>
/// Reads JPEG, PNG, TIFF, WebP and BMP files. A truncated or damaged file is refused, never guessed at.
/// </summary>
/// <remarks>
/// Grey files give 1 channel, colour files 3 in the order red, green, blue. Palettes are expanded, 1-, 2- and 4-bit
/// grey is scaled to 0..255, 16-bit samples stay 16-bit, alpha is dropped, CMYK becomes sRGB; embedded
/// profiles and EXIF orientation are not applied. Of a file with several pages the first is read.
/// All methods may be called from any number of threads.
/// </remarks>
public static class ImageDecoder
{
    /// <summary>Reads the header alone.</summary>
    /// <param name="file">The whole file.</param>
    /// <exception cref="ImageDecodeException">The file is empty, unknown, truncated, damaged or of a kind that is not read.</exception>
    public static ImageInfo ReadHeader(ReadOnlySpan<byte> file)
    {
        ImageFileFormat format = Recognise(file);
        return format == ImageFileFormat.Bmp ? BmpDecoder.ReadInfo(file) : VipsDecoder.ReadInfo(file, format);
    }

    /// <summary>Decodes the pixels of a file.</summary>
    /// <param name="file">The whole file.</param>
    /// <param name="limits">The largest image to accept, checked before any pixel is decoded or allocated.</param>
    /// <param name="cancellationToken">Looked at every few dozen rows.</param>
    /// <returns>The pixels; the caller disposes of them.</returns>
    /// <exception cref="ImageDecodeException">The file is refused; <see cref="ImageDecodeException.Error"/> says why.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static PixelBuffer Decode(
        ReadOnlySpan<byte> file, ImageLimits limits, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(limits);
        ImageFileFormat format = Recognise(file);
        return format == ImageFileFormat.Bmp
            ? BmpDecoder.Decode(file, limits, cancellationToken)
            : VipsDecoder.Decode(file, format, limits, cancellationToken);
    }

    private static ImageFileFormat Recognise(ReadOnlySpan<byte> file)
    {
        ImageFileFormat format = ImageSignature.Recognise(file);
        if (!FileCompleteness.IsComplete(file, format))
        {
            throw new ImageDecodeException(
                ImageDecodeError.Truncated, $"The {format.DisplayName()} file of {file.Length} bytes ends before its image does.");
        }

        return format;
    }
}

namespace YMaskNet.Imaging;

/// <summary>The largest images that are decoded; checked on the header, before any pixel is decoded or allocated.</summary>
/// <param name="MaxSide">Largest width and largest height. Unit: pixels. Range: >= 1.</param>
/// <param name="MaxPixels">Largest product of width and height. Unit: pixels. Range: >= 1.</param>
public sealed record ImageLimits(int MaxSide, long MaxPixels)
{
    /// <summary>65,535 pixels a side, 2^28 pixels in all.</summary>
    public static ImageLimits Default { get; } = new(65_535, 268_435_456);

    /// <summary>Refuses an image that is larger than the limits allow, or than any buffer.</summary>
    /// <exception cref="ImageDecodeException"><see cref="ImageDecodeError.TooLarge"/>.</exception>
    internal void Check(in ImageInfo info)
    {
        (_, int width, int height, int channels, int bitsPerSample) = info;
        if (width > MaxSide || height > MaxSide)
        {
            throw new ImageDecodeException(
                ImageDecodeError.TooLarge,
                $"The image is {width} x {height} pixels; at most {MaxSide} a side are accepted.");
        }

        long pixels = (long)width * height;
        if (pixels > MaxPixels)
        {
            throw new ImageDecodeException(
                ImageDecodeError.TooLarge,
                $"The image has {width} x {height} = {pixels} pixels; at most {MaxPixels} are accepted.");
        }

        if (!PixelBuffer.Fits(width, height, channels, bitsPerSample))
        {
            throw new ImageDecodeException(
                ImageDecodeError.TooLarge,
                $"The image has {pixels} pixels of {channels} x {bitsPerSample} bits; at most 2 GiB are accepted.");
        }
    }
}

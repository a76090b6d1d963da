namespace YMaskNet.Imaging;

/// <summary>The largest images that are decoded; checked on the header, before any pixel is decoded or allocated.</summary>
/// <param name="MaxSide">Largest width and largest height. Unit: pixels. Range: >= 1.</param>
/// <param name="MaxPixels">Largest product of width and height. Unit: pixels. Range: >= 1.</param>
public sealed record ImageLimits(int MaxSide, long MaxPixels)
{
    /// <summary>65,535 pixels a side, 2^28 pixels in all.</summary>
    public static ImageLimits Default { get; } = new(65_535, 268_435_456);

    /// <summary>Refuses an image that is larger than the limits allow.</summary>
    /// <exception cref="ImageDecodeException"><see cref="ImageDecodeError.TooLarge"/>.</exception>
    internal void Check(long width, long height)
    {
        if (width > MaxSide || height > MaxSide)
        {
            throw new ImageDecodeException(
                ImageDecodeError.TooLarge,
                $"The image is {width} x {height} pixels; at most {MaxSide} a side are accepted.");
        }

        if (width * height > MaxPixels)
        {
            throw new ImageDecodeException(
                ImageDecodeError.TooLarge,
                $"The image has {width} x {height} = {width * height} pixels; at most {MaxPixels} are accepted.");
        }
    }
}

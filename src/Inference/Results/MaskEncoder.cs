using YMaskNet.Imaging;

namespace YMaskNet.Inference.Results;

/// <summary>Writes masks in the format that the caller asked for.</summary>
internal static class MaskEncoder
{
    /// <summary>Encodes a mask.</summary>
    /// <param name="mask">Lies within the image.</param>
    /// <param name="imageWidth">Unit: pixels. Range: >= 1.</param>
    /// <param name="imageHeight">Unit: pixels. Range: >= 1.</param>
    /// <param name="format">The format.</param>
    /// <returns>The encoded mask; an <see cref="AreaMask"/> if it is empty or none was asked for.</returns>
    public static Mask Encode(BinaryMask mask, int imageWidth, int imageHeight, MaskFormat format)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(mask.X + (long)mask.Width, imageWidth, nameof(mask));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(mask.Y + (long)mask.Height, imageHeight, nameof(mask));

        long area = mask.Area;
        if (area == 0)
            return new AreaMask(0);
        return format switch
        {
            MaskFormat.CocoRle => new CocoRleMask(imageHeight, imageWidth, CocoRle.Encode(mask, imageWidth, imageHeight), area),
            MaskFormat.Polygon => new PolygonMask(PolygonTracer.Trace(mask), area),
            MaskFormat.Png => EncodePng(mask.Trimmed(), area),
            MaskFormat.None => new AreaMask(area),
            _ => throw new ArgumentOutOfRangeException(nameof(format), format, "Not a mask format."),
        };
    }

    private static PngMask EncodePng(BinaryMask trimmed, long area) => new(
        PngEncoder.EncodeGray1(trimmed.Bits, trimmed.Width, trimmed.Height),
        trimmed.X,
        trimmed.Y,
        trimmed.Width,
        trimmed.Height,
        area);
}

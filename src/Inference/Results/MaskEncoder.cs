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

    /// <summary>
    /// Encodes the union of masks of one thing. Where run lengths are asked for, nothing larger than the parts is allocated;
    /// outlines and pictures take a bitmap of the union's rectangle while they are made.
    /// </summary>
    /// <param name="parts">At least one; each lies within the image; they may overlap.</param>
    /// <param name="imageWidth">Unit: pixels. Range: >= 1.</param>
    /// <param name="imageHeight">Unit: pixels. Range: >= 1.</param>
    /// <param name="format">The format.</param>
    public static Mask Encode(IReadOnlyList<BinaryMask> parts, int imageWidth, int imageHeight, MaskFormat format)
    {
        if (parts.Count == 1)
            return Encode(parts[0], imageWidth, imageHeight, format);
        if (format is MaskFormat.Polygon or MaskFormat.Png)
            return Encode(Union(parts), imageWidth, imageHeight, format);

        string counts = CocoRle.Encode(parts, imageWidth, imageHeight, out long area);
        return format == MaskFormat.CocoRle && area > 0 ? new CocoRleMask(imageHeight, imageWidth, counts, area) : new AreaMask(area);
    }

    private static BinaryMask Union(IReadOnlyList<BinaryMask> parts)
    {
        int left = parts.Min(part => part.X);
        int top = parts.Min(part => part.Y);
        BinaryMask union = new(left, top, parts.Max(part => part.X + part.Width) - left, parts.Max(part => part.Y + part.Height) - top);
        foreach (BinaryMask part in parts)
            union.Add(part);
        return union;
    }

    private static PngMask EncodePng(BinaryMask trimmed, long area) => new(
        PngEncoder.EncodeGray1(trimmed.Bits, trimmed.Width, trimmed.Height),
        trimmed.X,
        trimmed.Y,
        trimmed.Width,
        trimmed.Height,
        area);
}

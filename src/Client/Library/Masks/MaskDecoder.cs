using YMaskNet.V1;

namespace YMaskNet.Client.Masks;

/// <summary>Turns a mask of any wire format into pixels.</summary>
public static class MaskDecoder
{
    /// <summary>
    /// The pixels of a mask; <see langword="null"/> when the answer has none because none were asked for
    /// (<see cref="MaskFormat.None"/>, <c>Detect</c>) although the mask is not empty.
    /// </summary>
    /// <param name="mask">The mask as received; <see langword="null"/> for a defect without one.</param>
    /// <param name="imageWidth">Width of the inspected image. Unit: pixels.</param>
    /// <param name="imageHeight">Height of the inspected image. Unit: pixels.</param>
    /// <exception cref="InvalidDataException">The mask is damaged, or is of an image of another size.</exception>
    public static MaskBitmap? Decode(Mask? mask, int imageWidth, int imageHeight)
    {
        switch (mask?.EncodingCase)
        {
            case Mask.EncodingOneofCase.CocoRle:
                if (mask.CocoRle.Width != imageWidth || mask.CocoRle.Height != imageHeight)
                    throw OfAnotherSize(mask.CocoRle.Width, mask.CocoRle.Height, imageWidth, imageHeight);
                return RunLengthMask.Parse(imageHeight, imageWidth, mask.CocoRle.Counts).ToBitmap();

            case Mask.EncodingOneofCase.Polygon:
                return PolygonFill.Fill(mask.Polygon, imageWidth, imageHeight);

            case Mask.EncodingOneofCase.Png:
                if ((ulong)mask.Png.X + mask.Png.Width > (ulong)imageWidth || (ulong)mask.Png.Y + mask.Png.Height > (ulong)imageHeight)
                    throw OfAnotherSize(mask.Png.X + mask.Png.Width, mask.Png.Y + mask.Png.Height, imageWidth, imageHeight);
                return BilevelPng.Read(mask.Png);

            default:
                return mask?.Area == 0 ? MaskBitmap.Empty : null;
        }
    }

    private static InvalidDataException OfAnotherSize(uint width, uint height, int imageWidth, int imageHeight) =>
        new($"A mask reaches to {width} x {height} pixels, the image has {imageWidth} x {imageHeight}.");
}

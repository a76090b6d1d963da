using YMaskNet.V1;

namespace YMaskNet.Client.Masks;

/// <summary>The pixels of what was found.</summary>
public static class DecodedMasks
{
    /// <summary>The pixels of a defect's mask; see <see cref="MaskDecoder.Decode"/>.</summary>
    /// <param name="defect">The defect.</param>
    /// <param name="imageSize">The answer's image size.</param>
    /// <returns><see langword="null"/> when no mask was asked for.</returns>
    /// <exception cref="InvalidDataException">The mask is damaged, or is of an image of another size.</exception>
    public static MaskBitmap? DecodeMask(this Defect defect, ImageSize imageSize) =>
        MaskDecoder.Decode(defect.Mask, checked((int)imageSize.Width), checked((int)imageSize.Height));

    /// <summary>The pixels of a region's mask; see <see cref="MaskDecoder.Decode"/>.</summary>
    /// <param name="region">The region of a semantic model.</param>
    /// <param name="imageSize">The answer's image size.</param>
    /// <returns><see langword="null"/> when no mask was asked for.</returns>
    /// <exception cref="InvalidDataException">The mask is damaged, or is of an image of another size.</exception>
    public static MaskBitmap? DecodeMask(this Region region, ImageSize imageSize) =>
        MaskDecoder.Decode(region.Mask, checked((int)imageSize.Width), checked((int)imageSize.Height));
}

using YMaskNet.Inference.Frames;

namespace YMaskNet.Inference.Boards;

/// <summary>A board that comes row by row, top row first.</summary>
/// <param name="Width">Unit: pixels.</param>
/// <param name="Height">Unit: pixels.</param>
/// <param name="Format">Layout of one pixel; rows have no padding.</param>
public sealed record BoardDescription(int Width, int Height, PixelFormat Format)
{
    /// <exception cref="InspectionException">The format is none, or the size is out of range.</exception>
    internal RawLayout Check(FrameLimits limits)
    {
        if (!Enum.IsDefined(Format))
        {
            throw new InspectionException(
                InspectionErrorKind.InvalidArgument,
                "PIXEL_FORMAT_UNKNOWN",
                $"0x{(uint)Format:X8} is none of the pixel formats {string.Join(", ", Enum.GetNames<PixelFormat>())}.",
                "raw.pixel_format");
        }

        RawLayout layout = RawLayout.Of(Format);
        CheckSide(Width, layout, limits, "width");
        CheckSide(Height, layout, limits, "height");
        long pixels = (long)Width * Height;
        if (pixels > limits.MaxPixels)
            throw TooLarge($"The board has {Width} x {Height} = {pixels} pixels; at most {limits.MaxPixels} are accepted.", "raw");
        return layout;
    }

    private void CheckSide(int side, in RawLayout layout, FrameLimits limits, string field)
    {
        if (side < layout.MinSide)
        {
            throw new InspectionException(
                InspectionErrorKind.InvalidArgument,
                "RAW_DIMENSIONS_OUT_OF_RANGE",
                $"The {field} is {side}; {Format} boards are {layout.MinSide} to {limits.MaxSide} pixels a side.",
                $"raw.{field}");
        }

        if (side > limits.MaxSide)
            throw TooLarge($"The {field} is {side}; at most {limits.MaxSide} pixels a side are accepted.", $"raw.{field}");
    }

    private static InspectionException TooLarge(string message, string field) =>
        new(InspectionErrorKind.ResourceExhausted, "IMAGE_TOO_LARGE", message, field);
}

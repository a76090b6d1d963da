namespace YMaskNet.Inference.Frames;

/// <summary>How a raw pixel format lays out a pixel.</summary>
/// <param name="BytesPerPixel">1, 2 or 3.</param>
/// <param name="MaxSample">Largest sample: 255, 1023, 4095 or 65535.</param>
/// <param name="MinSide">Smallest width and height.</param>
internal readonly record struct RawLayout(int BytesPerPixel, int MaxSample, int MinSide)
{
    /// <summary>The layout of a format.</summary>
    /// <exception cref="InspectionException">There is no such format.</exception>
    public static RawLayout Of(PixelFormat format) => format switch
    {
        PixelFormat.Mono8 => new RawLayout(1, byte.MaxValue, 1),
        PixelFormat.Mono10 => new RawLayout(2, 1023, 1),
        PixelFormat.Mono12 => new RawLayout(2, 4095, 1),
        PixelFormat.Mono16 => new RawLayout(2, ushort.MaxValue, 1),
        PixelFormat.Rgb8 or PixelFormat.Bgr8 => new RawLayout(3, byte.MaxValue, 1),
        PixelFormat.BayerRG8 => new RawLayout(1, byte.MaxValue, 2),
        _ => throw new InspectionException(
            InspectionErrorKind.InvalidArgument,
            "PIXEL_FORMAT_UNKNOWN",
            $"0x{(uint)format:X8} is none of the pixel formats {string.Join(", ", Enum.GetNames<PixelFormat>())}.",
            "image.raw.pixel_format"),
    };
}

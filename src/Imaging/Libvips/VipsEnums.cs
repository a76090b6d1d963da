namespace YMaskNet.Imaging.Libvips;

/// <summary>libvips' sample types; only these two are read.</summary>
internal enum VipsBandFormat
{
    UInt8 = 0,
    UInt16 = 2,
}

/// <summary>libvips' meanings of pixel values, of those that are read.</summary>
internal enum VipsInterpretation
{
    Multiband = 0,
    Grey = 1,
    Cmyk = 15,
    Srgb = 22,
    Rgb16 = 25,
    Grey16 = 26,
}

namespace YMaskNet.Inference.Frames;

/// <summary>
/// Pixel layouts under their names and numbers of the GenICam Pixel Format Naming Convention (PFNC).
/// 10- and 12-bit samples are the low bits of a 16-bit little-endian word.
/// </summary>
public enum PixelFormat : uint
{
    /// <summary>8-bit grey, 1 byte per pixel.</summary>
    Mono8 = 0x01080001,

    /// <summary>10-bit grey in 2 bytes, samples 0 to 1023.</summary>
    Mono10 = 0x01100003,

    /// <summary>12-bit grey in 2 bytes, samples 0 to 4095.</summary>
    Mono12 = 0x01100005,

    /// <summary>16-bit grey in 2 bytes, samples 0 to 65535.</summary>
    Mono16 = 0x01100007,

    /// <summary>8-bit red, green, blue, 3 bytes per pixel.</summary>
    Rgb8 = 0x02180014,

    /// <summary>8-bit blue, green, red, 3 bytes per pixel.</summary>
    Bgr8 = 0x02180015,

    /// <summary>8-bit Bayer mosaic whose top-left 2 x 2 cell is R G / G B, 1 byte per pixel.</summary>
    BayerRG8 = 0x01080009,
}

namespace YMaskNet.Imaging;

/// <summary>What the header of an image file says about the pixels that decoding gives.</summary>
/// <param name="Format">The format of the file.</param>
/// <param name="Width">Unit: pixels.</param>
/// <param name="Height">Unit: pixels.</param>
/// <param name="Channels">1 (grey) or 3 (red, green, blue).</param>
/// <param name="BitsPerSample">8 or 16.</param>
public readonly record struct ImageInfo(ImageFileFormat Format, int Width, int Height, int Channels, int BitsPerSample);

namespace YMaskNet.Imaging;

/// <summary>The file formats that are read, recognised by their signatures.</summary>
public enum ImageFileFormat
{
    /// <summary>JPEG, baseline or progressive; grey, YCbCr, RGB or CMYK.</summary>
    Jpeg,

    /// <summary>PNG of any colour type and bit depth.</summary>
    Png,

    /// <summary>TIFF and BigTIFF with 8 or 16 bits per sample, or bilevel.</summary>
    Tiff,

    /// <summary>WebP, lossy or lossless; of an animation the first frame.</summary>
    WebP,

    /// <summary>Windows bitmap, uncompressed.</summary>
    Bmp,
}

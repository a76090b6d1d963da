namespace YMaskNet.Imaging;

/// <summary>Why an image file was refused.</summary>
public enum ImageDecodeError
{
    /// <summary>There are no bytes.</summary>
    Empty,

    /// <summary>The bytes begin with no known signature.</summary>
    UnknownFormat,

    /// <summary>The file ends before its pixels do.</summary>
    Truncated,

    /// <summary>The file contradicts itself or its pixels can't be decoded.</summary>
    Damaged,

    /// <summary>The image is larger than the limits allow.</summary>
    TooLarge,

    /// <summary>The file is of a known format, but of a kind that is not read, such as 32-bit float TIFF.</summary>
    Unsupported,
}

/// <summary>An image file was refused.</summary>
/// <param name="error">Why.</param>
/// <param name="message">For people: what is wrong with the file.</param>
public sealed class ImageDecodeException(ImageDecodeError error, string message) : Exception(message)
{
    /// <summary>Why the file was refused.</summary>
    public ImageDecodeError Error { get; } = error;
}

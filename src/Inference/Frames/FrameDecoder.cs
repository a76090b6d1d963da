using YMaskNet.Imaging;

namespace YMaskNet.Inference.Frames;

/// <summary>Makes frames of what callers hand in.</summary>
internal static class FrameDecoder
{
    /// <summary>Decodes an image.</summary>
    /// <param name="source">The image; <see langword="null"/> is refused.</param>
    /// <param name="limits">The largest image to accept.</param>
    /// <param name="sharedMemory">Where images in shared memory lie; <see langword="null"/>: such are refused.</param>
    /// <param name="cancellationToken">Looked at every few dozen rows.</param>
    /// <returns>The frame; the caller disposes of it.</returns>
    /// <exception cref="InspectionException">The image is missing, unreadable, too large, or contradicts itself.</exception>
    public static Frame Decode(
        ImageSource? source, FrameLimits limits, ISharedMemory? sharedMemory, CancellationToken cancellationToken) => source switch
    {
        EncodedImage encoded => DecodeFile(encoded, limits, cancellationToken),
        RawImage raw => RawFrameReader.Read(raw, limits),
        SharedImage shared => SharedFrameReader.Read(shared, sharedMemory, limits),
        SampleImage samples => samples.ToFrame(),
        _ => throw new InspectionException(
            InspectionErrorKind.InvalidArgument, "IMAGE_MISSING", "The request has no image.", "image"),
    };

    private static Frame DecodeFile(EncodedImage image, FrameLimits limits, CancellationToken cancellationToken)
    {
        try
        {
            return new Frame(ImageDecoder.Decode(image.Data.Span, limits.ToImageLimits(), cancellationToken));
        }
        catch (ImageDecodeException exception)
        {
            (InspectionErrorKind kind, string reason) = exception.Error switch
            {
                ImageDecodeError.Empty => (InspectionErrorKind.InvalidArgument, "IMAGE_EMPTY"),
                ImageDecodeError.UnknownFormat => (InspectionErrorKind.InvalidArgument, "IMAGE_FORMAT_UNKNOWN"),
                ImageDecodeError.Unsupported => (InspectionErrorKind.InvalidArgument, "IMAGE_FORMAT_UNKNOWN"),
                ImageDecodeError.Truncated => (InspectionErrorKind.InvalidArgument, "IMAGE_TRUNCATED"),
                ImageDecodeError.TooLarge => (InspectionErrorKind.ResourceExhausted, "IMAGE_TOO_LARGE"),
                _ => (InspectionErrorKind.InvalidArgument, "IMAGE_DAMAGED"),
            };
            throw new InspectionException(kind, reason, exception.Message, "image.encoded", exception);
        }
    }
}

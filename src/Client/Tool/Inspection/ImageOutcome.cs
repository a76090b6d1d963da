using YMaskNet.Client.Tool.Images;
using YMaskNet.V1;

namespace YMaskNet.Client.Tool.Inspection;

/// <summary>What became of one image.</summary>
internal abstract record ImageOutcome(ImageFile File);

/// <summary>An image that was inspected.</summary>
internal sealed record InspectedImage(
    ImageFile File,
    ImageSize Size,
    ModelReference Model,
    IReadOnlyList<Defect> Defects,
    IReadOnlyList<Region> Regions,
    StageTimes Times) : ImageOutcome(File);

/// <summary>An image that was not.</summary>
/// <param name="File">The image.</param>
/// <param name="Status">Canonical status, for example <c>INVALID_ARGUMENT</c>.</param>
/// <param name="Reason">Stable reason, for example <c>IMAGE_TRUNCATED</c>; may be empty.</param>
/// <param name="Message">For people.</param>
internal sealed record FailedImage(ImageFile File, string Status, string Reason, string Message) : ImageOutcome(File)
{
    public static FailedImage From(ImageFile file, InspectionFailedException exception) =>
        new(file, CanonicalStatus.NameOf(exception.StatusCode), exception.Reason, exception.Message);

    public static FailedImage Unreadable(ImageFile file, Exception exception) =>
        new(file, CanonicalStatus.NameOf(Grpc.Core.StatusCode.NotFound), "FILE_UNREADABLE", exception.Message);
}

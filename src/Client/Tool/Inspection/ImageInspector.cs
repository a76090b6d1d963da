using Grpc.Core;
using YMaskNet.Client.Tool.Images;
using YMaskNet.V1;

namespace YMaskNet.Client.Tool.Inspection;

/// <summary>A way to have images inspected.</summary>
internal abstract class ImageInspector
{
    /// <summary>Inspects images. Outcomes come in the order of the images; one that fails does not stop the others.</summary>
    /// <exception cref="InspectionFailedException">The server went away.</exception>
    public abstract IAsyncEnumerable<ImageOutcome> InspectAsync(
        IReadOnlyList<ImageFile> files, CancellationToken cancellationToken);

    internal static bool IsUnreadable(Exception exception) => exception is IOException or UnauthorizedAccessException;

    /// <summary>Everything after this prints or draws numbers: what is not a number has no place there.</summary>
    internal static ImageOutcome Checked(InspectedImage image)
    {
        bool isFinite = image.Defects.All(defect => float.IsFinite(defect.Score) && IsFinite(defect.Box))
            && image.Regions.All(region => IsFinite(region.Box) && float.IsFinite(region.Centroid.X) && float.IsFinite(region.Centroid.Y));
        return isFinite
            ? image
            : new FailedImage(image.File, CanonicalStatus.NameOf(StatusCode.Internal), "ANSWER_NOT_FINITE", "The server's answer holds a number that is not finite.");
    }

    private static bool IsFinite(Box box) =>
        float.IsFinite(box.X) && float.IsFinite(box.Y) && float.IsFinite(box.Width) && float.IsFinite(box.Height);
}

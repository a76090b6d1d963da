using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using YMaskNet.Client.Tool.Images;
using YMaskNet.V1;

namespace YMaskNet.Client.Tool.Inspection;

/// <summary>All images through one session. A frame's id is the index of its image.</summary>
internal sealed class SessionInspector(InspectionClient client, InspectionPlan plan, int inFlight) : ImageInspector
{
    public override async IAsyncEnumerable<ImageOutcome> InspectAsync(
        IReadOnlyList<ImageFile> files, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        SessionOptions options = new() { Task = plan.Task, Inspection = plan.Options, MaxFramesInFlight = inFlight };
        await using InspectionSession session = await client.OpenSessionAsync(options, cancellationToken);

        // Images that can't be read make no frame; their outcomes are put back where they belong.
        ConcurrentDictionary<int, FailedImage> unreadable = new();
        int next = 0;
        await foreach (FrameResult result in session.InspectAsync(ReadFramesAsync(files, unreadable, cancellationToken), cancellationToken))
        {
            int index = (int)result.FrameId;
            for (; next < index; next++)
                yield return unreadable[next];
            next++;
            yield return ToOutcome(files[index], result, session.Model);
        }

        for (; next < files.Count; next++)
            yield return unreadable[next];
    }

    private async IAsyncEnumerable<Frame> ReadFramesAsync(
        IReadOnlyList<ImageFile> files,
        ConcurrentDictionary<int, FailedImage> unreadable,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (int index = 0; index < files.Count; index++)
        {
            ImageInput image;
            try
            {
                image = await ImageInput.FromFileAsync(files[index].Path, cancellationToken);
            }
            catch (Exception exception) when (IsUnreadable(exception))
            {
                unreadable[index] = FailedImage.Unreadable(files[index], exception);
                continue;
            }

            yield return image.ToFrame((ulong)index, plan.Rois);
        }
    }

    private static ImageOutcome ToOutcome(ImageFile file, FrameResult result, ModelReference model) =>
        result.Verdict == Verdict.Error
            ? FailedImage.From(file, InspectionFailedException.FromFrame(result.Error))
            : Checked(new InspectedImage(file, result.ImageSize, model, result.Defects, result.Regions, result.Execution.Times));
}

using System.Runtime.CompilerServices;
using Grpc.Core;
using YMaskNet.Client.Tool.Images;
using YMaskNet.V1;
using Task = System.Threading.Tasks.Task;
using WireTask = YMaskNet.V1.Task;

namespace YMaskNet.Client.Tool.Inspection;

/// <summary>A call per image, a bounded number at a time.</summary>
internal sealed class UnaryInspector(InspectionClient client, InspectionPlan plan, int inFlight) : ImageInspector
{
    public override async IAsyncEnumerable<ImageOutcome> InspectAsync(
        IReadOnlyList<ImageFile> files, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Queue<Task<ImageOutcome>> running = new();
        try
        {
            foreach (ImageFile file in files)
            {
                if (running.Count == inFlight)
                    yield return await running.Dequeue();
                running.Enqueue(InspectAsync(file, stop.Token));
            }

            while (running.TryDequeue(out Task<ImageOutcome>? next))
                yield return await next;
        }
        finally
        {
            await stop.CancelAsync();
            await ((Task)Task.WhenAll(running)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task<ImageOutcome> InspectAsync(ImageFile file, CancellationToken cancellationToken)
    {
        try
        {
            ImageInput image = await ImageInput.FromFileAsync(file.Path, cancellationToken);
            return Checked(await CallAsync(file, image, cancellationToken));
        }
        catch (InspectionFailedException exception) when (exception.StatusCode != StatusCode.Unavailable)
        {
            return FailedImage.From(file, exception);
        }
        catch (Exception exception) when (IsUnreadable(exception))
        {
            return FailedImage.Unreadable(file, exception);
        }
    }

    private async Task<InspectedImage> CallAsync(ImageFile file, ImageInput image, CancellationToken cancellationToken)
    {
        switch (plan.Task)
        {
            case WireTask.Detect:
                DetectResponse detected = await client.DetectAsync(image, plan.Options, cancellationToken);
                return new InspectedImage(file, detected.ImageSize, detected.Model, detected.Defects, [], detected.Execution.Times);

            case WireTask.Segment:
                SegmentResponse segmented = await client.SegmentAsync(image, plan.Rois, plan.Options, cancellationToken);
                return new InspectedImage(
                    file, segmented.ImageSize, segmented.Model, segmented.Instances, segmented.Regions, segmented.Execution.Times);

            default:
                DetectAndSegmentResponse both = await client.DetectAndSegmentAsync(image, plan.Options, cancellationToken);
                return new InspectedImage(file, both.ImageSize, both.Model, both.Defects, [], both.Execution.Times);
        }
    }
}

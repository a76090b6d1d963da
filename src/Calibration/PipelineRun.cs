using YMaskNet.Inference;
using YMaskNet.Inference.Batching;
using YMaskNet.Inference.Cpu;
using YMaskNet.Inference.Frames;
using YMaskNet.Inference.Models;

namespace YMaskNet.Calibration;

/// <summary>A lane that takes one image after the other the whole way through, as the server's lanes do.</summary>
/// <param name="package">The model, in the precision to run it in.</param>
/// <param name="threads">Threads inside an operator.</param>
internal sealed class PipelineRun(ModelPackage package, int threads) : IDisposable
{
    /// <summary>The lane; its buffers hold the inspection before.</summary>
    public CpuLane Lane { get; } = new(package, threads, laneCount: 1, maxBatch: 1);

    /// <summary>Inspects an image with the model's own thresholds: the most that the model can do.</summary>
    /// <exception cref="InspectionException">The image is unreadable.</exception>
    public LaneTimes Inspect(ReadOnlyMemory<byte> image, CancellationToken cancellationToken)
    {
        ModelManifest manifest = package.Manifest;
        InspectionTask task = manifest.Semantic is not null ? InspectionTask.Segment
            : manifest.Tasks.Contains(InspectionTask.DetectAndSegment) ? InspectionTask.DetectAndSegment
            : InspectionTask.Detect;
        using Frame frame = FrameDecoder.Decode(new EncodedImage(image), new FrameLimits(), sharedMemory: null, cancellationToken);
        JobTurn turn = new(new InspectionFlow(), InspectionPriority.Normal, Deadline: null);
        InspectionJob job = new(frame, InspectionPlan.Create(manifest, task, new DetectionFilter()), [], turn, cancellationToken);

        // What fails on the lane fails the job.
        new BatchRunner(Lane, Lane.MaxBatch, manifest.Semantic is not null, failed: exception => exception).Run([job]);
        using LaneResult result = job.Completion.GetAwaiter().GetResult();
        return result.Times;
    }

    public void Dispose() => Lane.Dispose();
}

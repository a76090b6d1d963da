using System.Diagnostics;
using YMaskNet.Inference.Frames;

namespace YMaskNet.Inference.Batching;

/// <summary>One inspection's work for a lane. It ends exactly once, and only when no lane uses its frame any more.</summary>
internal sealed class InspectionJob
{
    // Continuations must not run on the lane's thread: encoding results would hold up the next inspection.
    private readonly TaskCompletionSource<LaneResult> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly long _created = Stopwatch.GetTimestamp();

    public InspectionJob(Frame frame, InspectionPlan plan, RegionOutline[] outlines, CancellationToken cancellationToken)
    {
        Frame = frame;
        Plan = plan;
        Outlines = outlines;
        CancellationToken = cancellationToken;
    }

    public Frame Frame { get; }

    public InspectionPlan Plan { get; }

    public ReadOnlyMemory<RegionOutline> Outlines { get; }

    public CancellationToken CancellationToken { get; }

    public Task<LaneResult> Completion => _completion.Task;

    /// <summary>From its creation until a lane took it.</summary>
    public TimeSpan Queued { get; private set; }

    public void Started() => Queued = Stopwatch.GetElapsedTime(_created);

    public void Finish(LaneResult result) => _completion.SetResult(result);

    public void Fail(Exception exception) => _completion.SetException(exception);

    public void Cancel() => _completion.SetCanceled(CancellationToken);
}

namespace YMaskNet.Inference.Batching;

/// <summary>
/// The one way through: the order of a lane's operations for each task. It never looks at what an operation found, so that
/// a lane may run behind; between operations it looks whether anyone still waits for the answer.
/// </summary>
internal static class InspectionPipeline
{
    /// <exception cref="OperationCanceledException">The caller has gone.</exception>
    public static LaneResult Run(ILane lane, InspectionJob job, bool isSemantic)
    {
        CancellationToken cancellationToken = job.CancellationToken;
        cancellationToken.ThrowIfCancellationRequested();
        lane.Prepare(job.Frame);
        cancellationToken.ThrowIfCancellationRequested();
        lane.RunStage1();
        cancellationToken.ThrowIfCancellationRequested();
        if (isSemantic)
            return lane.FinishClassMap();

        if (job.Plan.Task == InspectionTask.Segment)
            lane.TakeRegions(job.Outlines.Span);
        else
            lane.Detect(job.Plan.Limits);
        if (job.Plan.Task == InspectionTask.Detect)
            return lane.FinishDetected();

        cancellationToken.ThrowIfCancellationRequested();
        lane.AlignRegions();
        cancellationToken.ThrowIfCancellationRequested();
        lane.RunStage2();
        cancellationToken.ThrowIfCancellationRequested();
        return job.Plan.Task == InspectionTask.Segment
            ? lane.FinishOutlined()
            : lane.FinishRefined(job.Plan.MinScore);
    }
}

using YMaskNet.Inference.Batching;
using YMaskNet.Inference.Frames;

namespace YMaskNet.Inference.Tests.Batching;

public sealed class BatchRunnerTests : IDisposable
{
    private readonly GatedLane _lane = new() { MaxBatch = 4 };
    private readonly List<Exception> _failures = [];
    private readonly BatchRunner _runner;

    public BatchRunnerTests()
    {
        _runner = new BatchRunner(
            _lane,
            _lane.MaxBatch,
            isSemantic: false,
            exception =>
            {
                _failures.Add(exception);
                return exception;
            });
        _lane.LetGo(100);
    }

    public void Dispose() => _lane.Dispose();

    [Fact]
    public async Task Run_TasksOfAllKinds_EachGoesAsFarAsItsTask()
    {
        InspectionJob[] batch =
        [
            TestJobs.Job(task: InspectionTask.Detect),
            TestJobs.Job(task: InspectionTask.DetectAndSegment),
            TestJobs.Job(task: InspectionTask.Segment),
        ];

        _runner.Run(batch);

        await Task.WhenAll(batch.Select(job => job.Completion));
        Assert.Equal(
            [
                "Prepare(0)", "Prepare(1)", "Prepare(2)", "RunStage1(3)", "FindRegions(0,1,2)", "AlignRegions(1,2)", "RunStage2()",
                "Collect()", "Finish(0)", "Finish(1)", "Finish(2)",
            ],
            _lane.Operations);
    }

    [Fact]
    public async Task Run_OneIsCancelled_TheOthersCloseUp()
    {
        InspectionJob cancelled = TestJobs.Job(cancellationToken: new CancellationToken(canceled: true));
        InspectionJob other = TestJobs.Job();

        _runner.Run([cancelled, other]);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled.Completion);
        await other.Completion;
        Assert.Equal(["Prepare(0)", "RunStage1(1)", "FindRegions(0)", "Collect()", "Finish(0)"], _lane.Operations);
    }

    [Fact]
    public async Task Run_OneFrameCannotBePrepared_FailsAlone()
    {
        Frame bad = TestJobs.NewPixel();
        _lane.BadFrame = bad;
        InspectionJob broken = TestJobs.Job(bad);
        InspectionJob other = TestJobs.Job();

        _runner.Run([broken, other]);

        await Assert.ThrowsAsync<InvalidOperationException>(() => broken.Completion);
        await other.Completion;
        Assert.Single(_failures);
    }

    [Fact]
    public async Task Run_TheLaneFails_AllOfTheBatchFailAndTheNextRuns()
    {
        _lane.Failure = new InvalidOperationException("broken");
        InspectionJob[] batch = [TestJobs.Job(), TestJobs.Job()];
        _runner.Run(batch);
        foreach (InspectionJob job in batch)
            await Assert.ThrowsAsync<InvalidOperationException>(() => job.Completion);
        Assert.Same(_lane.Failure, Assert.Single(_failures));

        _lane.Failure = null;
        InspectionJob next = TestJobs.Job();
        _runner.Run([next]);
        await next.Completion;
    }

    [Fact]
    public void Run_AllAreCancelled_TheLaneDoesNothing()
    {
        _runner.Run([TestJobs.Job(cancellationToken: new CancellationToken(canceled: true))]);

        Assert.Empty(_lane.Operations);
    }
}

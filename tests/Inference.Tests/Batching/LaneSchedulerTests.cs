using Microsoft.Extensions.Logging.Abstractions;
using YMaskNet.Inference.Batching;
using YMaskNet.Inference.Frames;

namespace YMaskNet.Inference.Tests.Batching;

public sealed class LaneSchedulerTests : IDisposable
{
    private static readonly Frame Pixel = new(new byte[1], 1, 1, stride: 1, channels: 1, bitsPerSample: 8, maxSample: 255);

    private readonly GatedLane _lane = new();
    private readonly LaneScheduler _scheduler;

    public LaneSchedulerTests() => _scheduler = Scheduler(isSemantic: false);

    public void Dispose()
    {
        _lane.LetGo(100);
        _scheduler.Dispose();
    }

    [Theory]
    [InlineData(InspectionTask.Detect, "Prepare(0) RunStage1(1) FindRegions(0) Collect() Finish(0)")]
    [InlineData(InspectionTask.Segment, "Prepare(0) RunStage1(1) FindRegions(0) AlignRegions(0) RunStage2() Collect() Finish(0)")]
    [InlineData(InspectionTask.DetectAndSegment, "Prepare(0) RunStage1(1) FindRegions(0) AlignRegions(0) RunStage2() Collect() Finish(0)")]
    public async Task RunAsync_Task_RunsItsOperationsInOrder(InspectionTask task, string operations)
    {
        _lane.LetGo();

        await _scheduler.RunAsync(Job(task: task));

        Assert.Equal(operations.Split(' '), _lane.Operations);
    }

    [Fact]
    public async Task RunAsync_CancelledWhileItWaits_NeverReachesTheLane()
    {
        Task<LaneResult> running = _scheduler.RunAsync(Job());
        await _lane.WaitUntilStage1();
        using CancellationTokenSource source = new();
        Task<LaneResult> waiting = _scheduler.RunAsync(Job(source.Token));

        await source.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        Assert.False(running.IsCompleted);
        _lane.LetGo();
        await running;
        Assert.Single(_lane.Operations, "Prepare(0)");
    }

    [Fact]
    public async Task RunAsync_CancelledInStage1_EndsBeforeTheNextOperation()
    {
        using CancellationTokenSource source = new();
        Task<LaneResult> running = _scheduler.RunAsync(Job(source.Token));
        await _lane.WaitUntilStage1();

        await source.CancelAsync();

        // The frame is still in use: the task must not end before the lane lets it go.
        Assert.False(running.IsCompleted);
        _lane.LetGo();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
        Assert.Equal(["Prepare(0)", "RunStage1(1)"], _lane.Operations);
    }

    [Fact]
    public async Task RunAsync_CancelledBefore_DoesNothing()
    {
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _scheduler.RunAsync(Job(new CancellationToken(canceled: true))));

        Assert.DoesNotContain("RunStage1(1)", _lane.Operations);
    }

    [Fact]
    public async Task RunAsync_OperationFails_OnlyThatJobFails()
    {
        _lane.Failure = new InvalidOperationException("broken");
        _lane.LetGo();
        InvalidOperationException exception = await Assert.ThrowsAsync<InvalidOperationException>(() => _scheduler.RunAsync(Job()));
        Assert.Equal("broken", exception.Message);

        _lane.Failure = null;
        _lane.LetGo();
        await _scheduler.RunAsync(Job());
    }

    [Fact]
    public async Task Dispose_JobsQueued_RunsThemFirst()
    {
        Task<LaneResult>[] jobs = [.. Enumerable.Range(0, 5).Select(_ => _scheduler.RunAsync(Job()))];
        await _lane.WaitUntilStage1();
        _lane.LetGo(jobs.Length);

        _scheduler.Dispose();

        await Task.WhenAll(jobs);
        Assert.True(_lane.IsDisposed);
    }

    [Fact]
    public async Task RunAsync_TwoLanes_RunsTwoJobsAtOnce()
    {
        GatedLane first = new();
        GatedLane second = new();
        using LaneScheduler scheduler = new([() => first, () => second], TimeSpan.Zero, isSemantic: true, "model/1", NullLogger.Instance);

        Task<LaneResult>[] jobs = [scheduler.RunAsync(Job()), scheduler.RunAsync(Job())];

        await first.WaitUntilStage1();
        await second.WaitUntilStage1();
        first.LetGo();
        second.LetGo();
        await Task.WhenAll(jobs);
        Assert.Equal(["Prepare(0)", "RunStage1(1)", "FindRegions(0)", "Collect()", "Finish(0)"], first.Operations);
    }

    [Fact]
    public async Task RunAsync_DeadlinePassesWhileItWaits_NeverReachesTheLane()
    {
        Task<LaneResult> running = _scheduler.RunAsync(Job());
        await _lane.WaitUntilStage1();
        Task<LaneResult> late = _scheduler.RunAsync(TestJobs.Job(Pixel, deadline: InspectionDeadline.After(TimeSpan.Zero)));
        _lane.LetGo();

        InspectionException exception = await Assert.ThrowsAsync<InspectionException>(() => late);

        Assert.Equal((InspectionErrorKind.DeadlineExceeded, "DEADLINE_PASSED"), (exception.Kind, exception.Reason));
        await running;
        Assert.Single(_lane.Operations, "Prepare(0)");
    }

    [Fact]
    public async Task RunAsync_JobsWaitWhileTheLaneIsBusy_RunAsOneBatch()
    {
        GatedLane lane = new() { MaxBatch = 4 };
        using LaneScheduler scheduler = new([() => lane], TimeSpan.Zero, isSemantic: true, "model/1", NullLogger.Instance);
        Task<LaneResult> first = scheduler.RunAsync(Job());
        await lane.WaitUntilStage1();
        Task<LaneResult>[] waiting = [.. Enumerable.Range(0, 3).Select(_ => scheduler.RunAsync(Job()))];

        lane.LetGo(2);

        await Task.WhenAll([first, .. waiting]);
        Assert.Equal(["RunStage1(1)", "RunStage1(3)"], lane.Operations.Where(operation => operation.StartsWith("RunStage1", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task ExpectedWait_JobsWait_GrowsWithThem()
    {
        Task<LaneResult> running = _scheduler.RunAsync(Job());
        await _lane.WaitUntilStage1();
        _lane.LetGo();
        await running;
        Task<LaneResult> second = _scheduler.RunAsync(Job());
        await _lane.WaitUntilStage1();
        Assert.Equal(TimeSpan.Zero, _scheduler.ExpectedWait);

        Task<LaneResult>[] waiting = [.. Enumerable.Range(0, 3).Select(_ => _scheduler.RunAsync(Job()))];

        Assert.True(_scheduler.ExpectedWait > TimeSpan.Zero, "Three jobs wait, and the lane has a known pace.");
        _lane.LetGo(4);
        await Task.WhenAll([second, .. waiting]);
    }

    [Fact]
    public async Task RunAsync_LaneOfTwoBatches_BeginsTheNextBeforeTheFirstIsAnswered()
    {
        GatedLane lane = new() { BatchCount = 2 };
        using LaneScheduler scheduler = new([() => lane], TimeSpan.Zero, isSemantic: false, "model/1", NullLogger.Instance);
        Task<LaneResult> first = scheduler.RunAsync(Job(task: InspectionTask.DetectAndSegment));
        await lane.WaitUntilStage1();
        Task<LaneResult> second = scheduler.RunAsync(Job());

        lane.LetGo(2);

        await Task.WhenAll(first, second);
        Assert.Equal(
            [
                "Prepare(0)", "RunStage1(1)", "FindRegions(0)",
                "Prepare(0)", "AlignRegions(0)", "RunStage2()", "Collect()", "RunStage1(1)", "FindRegions(0)", "Finish(0)",
                "Collect()", "Finish(0)",
            ],
            lane.Operations);
    }

    [Fact]
    public async Task RunAsync_LastDeviceLost_EveryJobIsRefusedAndSaysSo()
    {
        GatedLane lane = new() { Failure = new InvalidOperationException("broken"), IsLost = true };
        using LaneScheduler scheduler = new([() => lane], TimeSpan.Zero, isSemantic: false, "model/1", NullLogger.Instance);
        Task<LaneResult> running = scheduler.RunAsync(Job());
        await lane.WaitUntilStage1();
        Task<LaneResult> waiting = scheduler.RunAsync(Job());
        Assert.False(scheduler.DeviceLost.IsCompleted);

        lane.LetGo();

        foreach (Task<LaneResult> job in new[] { running, waiting, scheduler.RunAsync(Job()) })
        {
            InspectionException refusal = await Assert.ThrowsAsync<InspectionException>(() => job);
            Assert.Equal((InspectionErrorKind.Unavailable, "DEVICE_LOST"), (refusal.Kind, refusal.Reason));
        }

        Assert.True(scheduler.DeviceLost.IsCompleted);
        Assert.Single(lane.Operations, "Prepare(0)");
    }

    [Fact]
    public void Constructor_ALaneCannotBeMade_EndsTheOthersAndThrowsWhy()
    {
        GatedLane lane = new();

        InvalidOperationException error = Assert.Throws<InvalidOperationException>(() => new LaneScheduler(
            [() => lane, () => throw new InvalidOperationException("no device")], TimeSpan.Zero, isSemantic: false, "model/1", NullLogger.Instance));

        Assert.Equal("no device", error.Message);
        Assert.True(lane.IsDisposed);
    }

    private LaneScheduler Scheduler(bool isSemantic) => new([() => _lane], TimeSpan.Zero, isSemantic, "model/1", NullLogger.Instance);

    private static InspectionJob Job(CancellationToken cancellationToken = default, InspectionTask task = InspectionTask.Detect) =>
        TestJobs.Job(Pixel, task, cancellationToken: cancellationToken);
}

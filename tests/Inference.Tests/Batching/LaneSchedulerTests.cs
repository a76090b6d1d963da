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
    [InlineData(InspectionTask.Detect, "Prepare RunStage1 Detect FinishDetected")]
    [InlineData(InspectionTask.Segment, "Prepare RunStage1 TakeRegions AlignRegions RunStage2 FinishOutlined")]
    [InlineData(InspectionTask.DetectAndSegment, "Prepare RunStage1 Detect AlignRegions RunStage2 FinishRefined")]
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
        Assert.Single(_lane.Operations, "Prepare");
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
        Assert.Equal(["Prepare", "RunStage1"], _lane.Operations);
    }

    [Fact]
    public async Task RunAsync_CancelledBefore_DoesNothing()
    {
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _scheduler.RunAsync(Job(new CancellationToken(canceled: true))));

        Assert.DoesNotContain("RunStage1", _lane.Operations);
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
        using LaneScheduler scheduler = new([first, second], isSemantic: true, "model/1", NullLogger.Instance);

        Task<LaneResult>[] jobs = [scheduler.RunAsync(Job()), scheduler.RunAsync(Job())];

        await first.WaitUntilStage1();
        await second.WaitUntilStage1();
        first.LetGo();
        second.LetGo();
        await Task.WhenAll(jobs);
        Assert.Equal(["Prepare", "RunStage1", "FinishClassMap"], first.Operations);
    }

    private LaneScheduler Scheduler(bool isSemantic) => new([_lane], isSemantic, "model/1", NullLogger.Instance);

    private static InspectionJob Job(CancellationToken cancellationToken = default, InspectionTask task = InspectionTask.Detect) =>
        new(Pixel, new InspectionPlan(task, default, 0.5f), [], cancellationToken);
}

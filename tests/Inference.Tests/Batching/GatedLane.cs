using YMaskNet.Inference.Batching;
using YMaskNet.Inference.Detection;
using YMaskNet.Inference.Frames;

namespace YMaskNet.Inference.Tests.Batching;

/// <summary>A lane without networks that stops in stage 1 until it is let go, and writes down what it was asked for.</summary>
internal sealed class GatedLane : ILane
{
    private readonly SemaphoreSlim _entered = new(0);
    private readonly SemaphoreSlim _gate = new(0);
    private readonly List<string> _operations = [];

    public string ExecutionProvider => "TestExecutionProvider";

    public string Device => "test";

    public int MaxBatch { get; init; } = 1;

    public bool IsDisposed { get; private set; }

    public Exception? Failure { get; set; }

    public IReadOnlyList<string> Operations
    {
        get
        {
            lock (_operations)
                return [.. _operations];
        }
    }

    public async Task WaitUntilStage1() => Assert.True(await _entered.WaitAsync(TimeSpan.FromSeconds(20)), "The lane got no job.");

    public void LetGo(int jobs = 1) => _gate.Release(jobs);

    /// <summary>Frames that can't be prepared.</summary>
    public Frame? BadFrame { get; set; }

    public void Prepare(int slot, Frame frame)
    {
        Note(nameof(Prepare), slot);
        if (ReferenceEquals(frame, BadFrame))
            throw new InvalidOperationException("bad frame");
    }

    public void RunStage1(int count)
    {
        Note(nameof(RunStage1), count);
        _entered.Release();
        if (!_gate.Wait(TimeSpan.FromSeconds(20)))
            throw new TimeoutException("The test did not let the lane go.");
        if (Failure is not null)
            throw Failure;
    }

    public void Detect(int slot, in DetectionLimits limits) => Note(nameof(Detect), slot);

    public void TakeRegions(int slot, ReadOnlySpan<RegionOutline> outlines) => Note(nameof(TakeRegions), slot);

    public void AlignRegions(ReadOnlySpan<int> slots) => Note(nameof(AlignRegions), [.. slots]);

    public void RunStage2() => Note(nameof(RunStage2));

    public LaneResult FinishDetected(int slot) => Finish(nameof(FinishDetected), slot);

    public LaneResult FinishRefined(int slot, float minScore) => Finish(nameof(FinishRefined), slot);

    public LaneResult FinishOutlined(int slot) => Finish(nameof(FinishOutlined), slot);

    public LaneResult FinishClassMap(int slot) => Finish(nameof(FinishClassMap), slot);

    public void Dispose() => IsDisposed = true;

    private LaneResult Finish(string operation, int slot)
    {
        Note(operation, slot);
        return new LaneResult { Times = default };
    }

    // As a call: "RunStage1(2)".
    private void Note(string operation, params int[] arguments)
    {
        lock (_operations)
            _operations.Add($"{operation}({string.Join(",", arguments)})");
    }
}

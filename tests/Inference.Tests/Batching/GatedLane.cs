using YMaskNet.Inference.Batching;
using YMaskNet.Inference.Frames;
using YMaskNet.Inference.Placement;

namespace YMaskNet.Inference.Tests.Batching;

/// <summary>A lane without networks that stops in stage 1 until it is let go, and writes down what it was asked for.</summary>
internal sealed class GatedLane : ILane, ILaneBatch
{
    private readonly SemaphoreSlim _entered = new(0);
    private readonly SemaphoreSlim _gate = new(0);
    private readonly List<string> _operations = [];

    public string ExecutionProvider => "TestExecutionProvider";

    public string Device => "test";

    public ModelPlacement Placement => new([], []);

    public int MaxBatch { get; init; } = 1;

    /// <summary>How many batches it has in hand at a time.</summary>
    public int BatchCount { get; init; } = 1;

    public IReadOnlyList<ILaneBatch> Batches => [.. Enumerable.Repeat(this, BatchCount)];

    public bool IsLost { get; set; }

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

    public void Prepare(int slot, Frame frame, InspectionPlan plan, ReadOnlyMemory<RegionOutline> outlines)
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

    public void FindRegions(ReadOnlySpan<int> slots) => Note(nameof(FindRegions), [.. slots]);

    public void AlignRegions(ReadOnlySpan<int> slots) => Note(nameof(AlignRegions), [.. slots]);

    public void RunStage2() => Note(nameof(RunStage2));

    public void Collect() => Note(nameof(Collect));

    public LaneResult Finish(int slot)
    {
        Note(nameof(Finish), slot);
        return new LaneResult { Times = default };
    }

    public void Dispose() => IsDisposed = true;

    // As a call: "RunStage1(2)".
    private void Note(string operation, params int[] arguments)
    {
        lock (_operations)
            _operations.Add($"{operation}({string.Join(",", arguments)})");
    }
}

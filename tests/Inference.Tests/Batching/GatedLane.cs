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

    public void Prepare(Frame frame) => Note(nameof(Prepare));

    public void RunStage1()
    {
        Note(nameof(RunStage1));
        _entered.Release();
        if (!_gate.Wait(TimeSpan.FromSeconds(20)))
            throw new TimeoutException("The test did not let the lane go.");
        if (Failure is not null)
            throw Failure;
    }

    public void Detect(in DetectionLimits limits) => Note(nameof(Detect));

    public void TakeRegions(ReadOnlySpan<RegionOutline> outlines) => Note(nameof(TakeRegions));

    public void AlignRegions() => Note(nameof(AlignRegions));

    public void RunStage2() => Note(nameof(RunStage2));

    public LaneResult FinishDetected() => Finish(nameof(FinishDetected));

    public LaneResult FinishRefined(float minScore) => Finish(nameof(FinishRefined));

    public LaneResult FinishOutlined() => Finish(nameof(FinishOutlined));

    public LaneResult FinishClassMap() => Finish(nameof(FinishClassMap));

    public void Dispose() => IsDisposed = true;

    private LaneResult Finish(string operation)
    {
        Note(operation);
        return new LaneResult { Times = default };
    }

    private void Note(string operation)
    {
        lock (_operations)
            _operations.Add(operation);
    }
}

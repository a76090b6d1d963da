using BenchmarkDotNet.Attributes;
using YMaskNet.Inference.Detection;
using YMaskNet.Perf.Operators.Plain;

namespace YMaskNet.Perf.Operators;

/// <summary>Non-maximum suppression of sorted candidates, at most 300 kept.</summary>
[MemoryDiagnoser]
public class SuppressionBenchmarks
{
    private const int MaxKept = 300;
    private const float IouThreshold = 0.5f;

    private readonly NonMaximumSuppression _suppression = new(MaxKept);
    private readonly Candidate[] _kept = new Candidate[MaxKept];
    private Candidate[] _candidates = [];

    [Params(100, 3000)]
    public int Candidates { get; set; }

    [GlobalSetup]
    public void Setup() => _candidates = Scene.Candidates(Candidates, seed: 5);

    [Benchmark(Baseline = true)]
    public int Plain() => PlainSuppression.Run(_candidates, IouThreshold, _kept);

    [Benchmark]
    public int Ours() => _suppression.Run(_candidates, IouThreshold, MaxKept).Length;
}

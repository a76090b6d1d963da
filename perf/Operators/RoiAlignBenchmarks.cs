using BenchmarkDotNet.Attributes;
using YMaskNet.Inference.Detection;
using YMaskNet.Inference.Regions;
using YMaskNet.Perf.Operators.Plain;

namespace YMaskNet.Perf.Operators;

/// <summary>RoIAlign of 32 regions: 14 x 14 bins of 32 channels of the shared map.</summary>
[MemoryDiagnoser]
public class RoiAlignBenchmarks
{
    private readonly float[] _source = Scene.Values(Scene.FeatureChannels * Scene.FeatureSide * Scene.FeatureSide, seed: 1);
    private readonly CornerBox[] _boxes = Scene.Boxes(Scene.RegionCount, seed: 2);
    private readonly RoiAlign _align = new(Scene.FeatureInput, Scene.FeatureSide, Scene.FeatureSide);
    private float[] _output = [];

    [GlobalSetup]
    public void Setup() => _output = new float[_align.OutputLength];

    [Benchmark(Baseline = true)]
    public void Plain()
    {
        foreach (CornerBox box in _boxes)
            PlainRoiAlign.Run(Scene.FeatureInput, _source, Scene.FeatureSide, Scene.FeatureSide, box, _output);
    }

    [Benchmark]
    public void Ours()
    {
        foreach (CornerBox box in _boxes)
            _align.Run(_source, box, _output);
    }
}

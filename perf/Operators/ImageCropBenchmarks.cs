using BenchmarkDotNet.Attributes;
using YMaskNet.Inference.Detection;
using YMaskNet.Inference.Regions;
using YMaskNet.Perf.Operators.Plain;

namespace YMaskNet.Perf.Operators;

/// <summary>RoIAlign of 32 regions of the image: 56 x 56 bins, folded; the plain form does not fold.</summary>
[MemoryDiagnoser]
public class ImageCropBenchmarks
{
    private readonly float[] _source = Scene.Values(Scene.Side * Scene.Side, seed: 3);
    private readonly CornerBox[] _boxes = Scene.Boxes(Scene.RegionCount, seed: 4);
    private readonly RoiAlign _align = new(Scene.ImageInput, Scene.Side, Scene.Side);
    private float[] _output = [];

    [GlobalSetup]
    public void Setup() => _output = new float[_align.OutputLength];

    [Benchmark(Baseline = true)]
    public void Plain()
    {
        foreach (CornerBox box in _boxes)
            PlainRoiAlign.Run(Scene.ImageInput, _source, Scene.Side, Scene.Side, box, _output);
    }

    [Benchmark]
    public void Ours()
    {
        foreach (CornerBox box in _boxes)
            _align.Run(_source, box, _output);
    }
}

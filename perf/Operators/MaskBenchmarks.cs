using BenchmarkDotNet.Attributes;
using YMaskNet.Inference.Detection;
using YMaskNet.Inference.Results;
using YMaskNet.Inference.Segmentation;
using YMaskNet.Perf.Operators.Plain;

namespace YMaskNet.Perf.Operators;

/// <summary>A mask of 28 x 28 logits into a box of 40 x 36 pixels of an image of 640 x 640, and that as COCO run lengths.</summary>
[MemoryDiagnoser]
public class MaskBenchmarks
{
    private const int Size = 28;

    private readonly MaskPaster _paster = new(Size, threshold: 0.5f);
    private readonly CornerBox _box = new(200.3f, 310.7f, 240.1f, 346.2f);
    private readonly float[] _logits = Blob();
    private readonly byte[] _image = new byte[Scene.Side * Scene.Side];

    [Benchmark(Baseline = true)]
    public List<long> Plain()
    {
        _image.AsSpan().Clear();
        PlainMasks.Paste(_logits, Size, _box, _image, Scene.Side);
        return PlainMasks.Runs(_image, Scene.Side, Scene.Side);
    }

    [Benchmark]
    public string Ours() => CocoRle.Encode(_paster.Paste(_logits, _box), Scene.Side, Scene.Side);

    private static float[] Blob()
    {
        float[] logits = new float[Size * Size];
        for (int cell = 0; cell < logits.Length; cell++)
        {
            double x = (cell % Size) - 13.5;
            double y = (cell / Size) - 13.5;
            logits[cell] = (float)(10.0 - Math.Sqrt((x * x) + (y * y)) - (2.0 * Math.Sin(5.0 * Math.Atan2(y, x))));
        }

        return logits;
    }
}

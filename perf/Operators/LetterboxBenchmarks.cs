using BenchmarkDotNet.Attributes;
using YMaskNet.Inference.Frames;
using YMaskNet.Inference.Models;
using YMaskNet.Perf.Operators.Plain;

namespace YMaskNet.Perf.Operators;

/// <summary>A grey 8-bit image into a network's input of 640 x 640: as it is, or scaled.</summary>
[MemoryDiagnoser]
public class LetterboxBenchmarks
{
    private readonly LetterboxWriter _writer = new(new InputDescription
    {
        Tensor = "image",
        Width = Scene.Side,
        Height = Scene.Side,
        Channels = InputChannels.Gray,
        Mean = [0f],
        Std = [1f],
        LetterboxValue = 114,
    });

    private readonly float[] _input = new float[Scene.Side * Scene.Side];
    private byte[] _pixels = [];
    private Frame? _frame;

    [Params(640, 1600)]
    public int Width { get; set; }

    private int Height => Width == Scene.Side ? Scene.Side : Width * 3 / 4;

    [GlobalSetup]
    public void Setup()
    {
        _pixels = new byte[Width * Height];
        new Random(8).NextBytes(_pixels);
        _frame = new Frame(_pixels, Width, Height, stride: Width, channels: 1, bitsPerSample: 8, maxSample: 255);
    }

    [Benchmark(Baseline = true)]
    public void Plain() => PlainLetterbox.Run(_pixels, Width, Height, Scene.Side, 114, _input);

    [Benchmark]
    public void Ours() => _writer.Write(_frame!, _input);
}

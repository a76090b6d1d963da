using BenchmarkDotNet.Attributes;
using YMaskNet.Inference.Detection;
using YMaskNet.Inference.Models;
using YMaskNet.Perf.Operators.Plain;

namespace YMaskNet.Perf.Operators;

/// <summary>Anchor decode of the head at stride 8: 3 anchors, 80 x 80 cells, 6 classes, one cell in a hundred a defect.</summary>
[MemoryDiagnoser]
public class DecodeBenchmarks
{
    private const int Classes = 6;
    private const int Columns = Scene.Side / 8;
    private const int Cells = Columns * Columns;
    private const float MinScore = 0.1f;

    private static readonly AnchorHead Head = new()
    {
        Tensor = "head8",
        Stride = 8,
        Anchors = [new AnchorSize(33, 27), new AnchorSize(31, 32), new AnchorSize(32, 42)],
    };

    private static readonly InputDescription Input = new()
    {
        Tensor = "image",
        Width = Scene.Side,
        Height = Scene.Side,
        Channels = InputChannels.Gray,
        Mean = [0f],
        Std = [1f],
        LetterboxValue = 114,
    };

    private readonly AnchorDecoder _decoder = new(Head, Input, Classes, firstAnchorIndex: 0);
    private readonly CandidateBuffer _candidates = new(3 * Cells, maxCandidates: 3000);
    private readonly Candidate[] _found = new Candidate[3 * Cells];
    private readonly float[] _raw = RawHead();

    [Benchmark(Baseline = true)]
    public int Plain() => PlainDecode.Run(Head, Columns, Classes, _raw, MinScore, _found);

    [Benchmark]
    public int Ours()
    {
        _candidates.Clear();
        _decoder.Decode(_raw, new CornerBox(0f, 0f, Scene.Side, Scene.Side), MinScore, _candidates);
        return _candidates.Found.Length;
    }

    private static float[] RawHead()
    {
        float[] raw = Scene.Values(3 * (5 + Classes) * Cells, seed: 6);
        Random random = new(7);
        for (int anchor = 0; anchor < 3; anchor++)
        {
            Span<float> objectness = raw.AsSpan(((anchor * (5 + Classes)) + 4) * Cells, Cells);
            foreach (ref float logit in objectness)
                logit = random.Next(100) == 0 ? 3f : -8f + logit;
        }

        return raw;
    }
}

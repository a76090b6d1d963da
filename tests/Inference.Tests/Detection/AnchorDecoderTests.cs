using YMaskNet.Inference.Detection;
using YMaskNet.Inference.Models;

namespace YMaskNet.Inference.Tests.Detection;

public sealed class AnchorDecoderTests
{
    private const int ClassCount = 3;
    private const int FirstAnchorIndex = 1000;

    private static readonly InputDescription Input = new()
    {
        Tensor = "image", Width = 88, Height = 56, Channels = InputChannels.Gray, Mean = [0f], Std = [1f], LetterboxValue = 114,
    };

    private static readonly AnchorHead Head = new() { Tensor = "head8", Stride = 8, Anchors = [new(10f, 13f), new(33f, 23f)] };
    private static readonly CornerBox WholeInput = new(0f, 0f, 88f, 56f);

    [Theory]
    [InlineData(0f)]
    [InlineData(0.001f)]
    [InlineData(0.25f)]
    [InlineData(0.9f)]
    public void Decode_RandomOutputs_MatchesDoubleReference(float minScore)
    {
        for (int seed = 0; seed < 20; seed++)
        {
            float[] raw = RandomRaw(seed);
            CornerBox content = new(0f, 7f, 88f, 49f);

            Candidate[] found = Decode(raw, content, minScore);

            // A score that rounding puts on one side of the threshold or the other proves nothing.
            double slack = 1e-6;
            List<SlowDetection.Box> expected = Slow(raw, content, minScore + slack);
            List<SlowDetection.Box> allowed = Slow(raw, content, minScore - slack);
            int[] indices = [.. found.Select(candidate => candidate.AnchorIndex)];
            Assert.Equal(indices.Order(), indices);
            Assert.Subset(allowed.Select(box => box.AnchorIndex).ToHashSet(), indices.ToHashSet());
            Assert.Superset(expected.Select(box => box.AnchorIndex).ToHashSet(), indices.ToHashSet());
            foreach (Candidate candidate in found)
            {
                SlowDetection.Box reference = allowed.Single(box => box.AnchorIndex == candidate.AnchorIndex);
                Assert.Equal(reference.ClassId, candidate.ClassId);
                Assert.Equal(reference.Score, candidate.Score, 1e-6);
                Assert.Equal(reference.X1, candidate.Box.X1, 1e-4);
                Assert.Equal(reference.Y1, candidate.Box.Y1, 1e-4);
                Assert.Equal(reference.X2, candidate.Box.X2, 1e-4);
                Assert.Equal(reference.Y2, candidate.Box.Y2, 1e-4);
            }
        }
    }

    [Fact]
    public void Decode_ThresholdOne_TakesOnlySaturatedScores()
    {
        float[] raw = ConstantRaw(-50f);
        SetCell(raw, anchor: 1, cell: 5, objectness: 60f, classId: 2, classLogit: 60f);

        Candidate found = Assert.Single(Decode(raw, WholeInput, minScore: 1f));

        Assert.Equal(1f, found.Score);
        Assert.Equal(2, found.ClassId);
        Assert.Equal(FirstAnchorIndex + 77 + 5, found.AnchorIndex);
    }

    [Fact]
    public void Decode_EqualClassLogits_TakesTheFirst()
    {
        float[] raw = ConstantRaw(3f);

        Assert.All(Decode(raw, WholeInput, 0.1f), candidate => Assert.Equal(0, candidate.ClassId));
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    [InlineData(float.NegativeInfinity)]
    public void Decode_OutputsThatAreNotFinite_LeaveNothingThatIsNotFinite(float bad)
    {
        int planes = 2 * (5 + ClassCount);
        for (int plane = 0; plane < planes; plane++)
        {
            float[] raw = ConstantRaw(2f);
            raw.AsSpan(plane * 77, 77).Fill(bad);

            foreach (Candidate candidate in Decode(raw, WholeInput, minScore: 0f))
            {
                Assert.InRange(candidate.Score, 0f, 1f);
                Assert.InRange(candidate.Box.X1, 0f, 88f);
                Assert.InRange(candidate.Box.Y1, 0f, 56f);
                Assert.InRange(candidate.Box.X2, 0f, 88f);
                Assert.InRange(candidate.Box.Y2, 0f, 56f);
            }
        }

        Assert.Empty(Decode(ConstantRaw(float.NaN), WholeInput, minScore: 0f));
    }

    [Fact]
    public void Decode_BoxOutsideTheContent_IsLeftOut()
    {
        float[] raw = ConstantRaw(-50f);
        SetCell(raw, anchor: 0, cell: 0, objectness: 5f, classId: 0, classLogit: 5f);

        Assert.NotEmpty(Decode(raw, WholeInput, 0.5f));
        Assert.Empty(Decode(raw, new CornerBox(40f, 20f, 88f, 56f), 0.5f));
    }

    [Fact]
    public void Decode_WrongLength_Throws() =>
        Assert.Throws<ArgumentException>(() => Decode(new float[7], WholeInput, 0.5f));

    private static Candidate[] Decode(float[] raw, CornerBox content, float minScore)
    {
        AnchorDecoder decoder = new(Head, Input, ClassCount, FirstAnchorIndex);
        CandidateBuffer candidates = new(decoder.AnchorCount, decoder.AnchorCount);
        decoder.Decode(raw, content, minScore, candidates);
        return candidates.Found.ToArray();
    }

    private static List<SlowDetection.Box> Slow(float[] raw, CornerBox content, double minScore) =>
        SlowDetection.Decode(Head, Input.Width, Input.Height, ClassCount, FirstAnchorIndex, raw, content, minScore);

    private static float[] RandomRaw(int seed)
    {
        Random random = new(seed);
        float[] raw = ConstantRaw(0f);
        for (int index = 0; index < raw.Length; index++)
            raw[index] = (float)((random.NextDouble() * 12) - 7);
        return raw;
    }

    private static float[] ConstantRaw(float value)
    {
        float[] raw = new float[2 * (5 + ClassCount) * 77];
        Array.Fill(raw, value);
        return raw;
    }

    private static void SetCell(float[] raw, int anchor, int cell, float objectness, int classId, float classLogit)
    {
        int first = anchor * (5 + ClassCount);
        for (int channel = 0; channel < 4; channel++)
            raw[((first + channel) * 77) + cell] = 0f;
        raw[((first + 4) * 77) + cell] = objectness;
        raw[((first + 5 + classId) * 77) + cell] = classLogit;
    }
}

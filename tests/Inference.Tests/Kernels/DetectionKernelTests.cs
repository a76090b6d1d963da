using System.Numerics;
using YMaskNet.Inference.Detection;
using YMaskNet.Inference.Frames;
using YMaskNet.Inference.Gpu.Kernels;
using YMaskNet.Inference.Models;

namespace YMaskNet.Inference.Tests.Kernels;

/// <summary>
/// The kernels that decode, sort and suppress find what the CPU operators do: scores and boxes within the rounding of the
/// exponential, and from the same boxes exactly the same regions.
/// </summary>
public sealed class DetectionKernelTests
{
    private const int Width = 160;
    private const int Height = 96;
    private const int ClassCount = 4;
    private const int MaxRois = 50;
    private const int MaxCandidates = 500;
    private const float IouThreshold = 0.45f;

    private static readonly AnchorHead[] Heads =
    [
        new() { Tensor = "head8", Stride = 8, Anchors = [new(33f, 27f), new(10f, 13f), new(5f, 40f)] },
        new() { Tensor = "head16", Stride = 16, Anchors = [new(61f, 34f), new(44f, 53f)] },
    ];

    private static readonly InputDescription Input = new()
    {
        Tensor = "image", Width = Width, Height = Height, Channels = InputChannels.Gray, Mean = [0f], Std = [1f], LetterboxValue = 114,
    };

    [Theory]
    [InlineData(1, 0.25f)]
    [InlineData(2, 0.001f)]
    [InlineData(3, 0.6f)]
    public void DecodeSortSuppress_RandomHeads_FindWhatTheCpuOperatorsFind(int seed, float minScore)
    {
        float[][] raw = [.. Heads.Select(head => RandomValues(seed, head))];
        Letterbox letterbox = Letterbox.Fit(311, 140, Width, Height);
        Candidate[] expected = Decode(raw, letterbox, minScore);

        (Candidate[] candidates, KernelRegion[] regions) = Run(raw, letterbox, minScore);

        // A score that rounding puts on one side of the threshold or the other, or a side of one pixel, proves nothing.
        Dictionary<int, Candidate> byAnchor = expected.ToDictionary(candidate => candidate.AnchorIndex);
        Assert.True(expected.Length > 10, $"The test has {expected.Length} candidates.");
        Assert.InRange(candidates.Count(candidate => byAnchor.ContainsKey(candidate.AnchorIndex)), expected.Length - 1, expected.Length);
        Assert.InRange(candidates.Length, expected.Length - 1, expected.Length + 1);
        foreach (Candidate candidate in candidates.Where(candidate => byAnchor.ContainsKey(candidate.AnchorIndex)))
        {
            Candidate other = byAnchor[candidate.AnchorIndex];
            Assert.Equal(other.ClassId, candidate.ClassId);
            Assert.Equal(other.Score, candidate.Score, 1e-6f);
            Assert.Equal(other.Box.X1, candidate.Box.X1, 1e-4f);
            Assert.Equal(other.Box.Y1, candidate.Box.Y1, 1e-4f);
            Assert.Equal(other.Box.X2, candidate.Box.X2, 1e-4f);
            Assert.Equal(other.Box.Y2, candidate.Box.Y2, 1e-4f);
        }

        ReadOnlySpan<Candidate> best = candidates.AsSpan(0, Math.Min(candidates.Length, MaxCandidates));
        Candidate[] kept = new NonMaximumSuppression(MaxRois).Run(best, IouThreshold, MaxRois).ToArray();
        Assert.Equal(
            kept.Select(candidate => new KernelRegion(
                candidate.Box, letterbox.ToImage(candidate.Box), candidate.Score, candidate.ClassId, candidate.AnchorIndex, Slot: 0)),
            regions);
    }

    private static float[] RandomValues(int seed, AnchorHead head)
    {
        Random random = new(seed + head.Stride);
        int plane = Width / head.Stride * (Height / head.Stride);
        return [.. Enumerable.Range(0, head.Anchors.Count * (5 + ClassCount) * plane).Select(_ => (float)((random.NextDouble() * 8) - 4))];
    }

    private static Candidate[] Decode(float[][] raw, in Letterbox letterbox, float minScore)
    {
        CandidateBuffer buffer = new(TotalAnchors(), MaxCandidates);
        int first = 0;
        for (int head = 0; head < Heads.Length; head++)
        {
            AnchorDecoder decoder = new(Heads[head], Input, ClassCount, first);
            decoder.Decode(raw[head], letterbox.Content, minScore, buffer);
            first += decoder.AnchorCount;
        }

        return buffer.Found.ToArray();
    }

    private static int TotalAnchors() => Heads.Sum(head => head.Anchors.Count * (Width / head.Stride) * (Height / head.Stride));

    private static (Candidate[] Candidates, KernelRegion[] Regions) Run(float[][] raw, in Letterbox letterbox, float minScore)
    {
        KernelSlot slot = KernelSlot.Of(KernelTask.DetectAndSegment, letterbox);
        slot.CandidateMinScore = minScore;
        slot.MinObjectnessLogit = (float)(Math.Log(minScore / (1.0 - minScore)) - 0.1);
        slot.IouThreshold = IouThreshold;
        slot.MaxDefects = MaxRois;
        int anchors = TotalAnchors();
        int capacity = (int)BitOperations.RoundUpToPowerOf2((uint)anchors);
        using DeviceArray<KernelSlot> slots = new([slot]);
        using DeviceArray<float> first = new(raw[0]);
        using DeviceArray<float> second = new(raw[1]);
        using DeviceArray<ulong> keys = new(capacity);
        using DeviceArray<CornerBox> boxes = new(anchors);
        using DeviceArray<int> classes = new(anchors);
        using DeviceArray<int> counts = new([0]);
        using DeviceArray<KernelRegion> regions = new(MaxRois);
        using DeviceArray<int> regionCounts = new(1);

        EmulatedKernels.Launch(
            "decode_anchors", ((anchors + 255) / 256, 1, 2), (256, 1), 0, slots.Address, Parameters(first.Address, second.Address), capacity,
            keys.Address, boxes.Address, classes.Address, counts.Address);
        EmulatedKernels.Launch("sort_candidates", (1, 1, 1), (1024, 1), 0, counts.Address, capacity, keys.Address);
        EmulatedKernels.Launch(
            "suppress", (1, 1, 1), (256, 1), 24 * MaxRois, slots.Address, counts.Address, keys.Address, capacity, boxes.Address, classes.Address,
            anchors, MaxCandidates, MaxRois, regions.Address, regionCounts.Address);

        Candidate[] candidates = new Candidate[counts.Values[0]];
        for (int rank = 0; rank < candidates.Length; rank++)
        {
            ulong key = keys.Values[rank];
            int anchor = (int)(uint)key;
            float score = BitConverter.UInt32BitsToSingle(~(uint)(key >> 32));
            candidates[rank] = new Candidate(boxes.Values[anchor], score, classes.Values[anchor], anchor);
        }

        return (candidates, regions.Values[..regionCounts.Values[0]].ToArray());
    }

    private static KernelAnchorHeads Parameters(params ReadOnlySpan<nint> values)
    {
        KernelAnchorHeads parameters = new() { ClassCount = ClassCount };
        for (int index = 0; index < Heads.Length; index++)
        {
            AnchorHead head = Heads[index];
            ref KernelAnchorHead target = ref parameters.Heads[index];
            target.Values = values[index];
            target.Columns = Width / head.Stride;
            target.Rows = Height / head.Stride;
            target.Stride = head.Stride;
            target.AnchorCount = head.Anchors.Count;
            target.FirstAnchor = parameters.TotalAnchors;
            for (int anchor = 0; anchor < head.Anchors.Count; anchor++)
            {
                target.Sizes[2 * anchor] = head.Anchors[anchor].Width;
                target.Sizes[(2 * anchor) + 1] = head.Anchors[anchor].Height;
            }

            parameters.TotalAnchors += target.AnchorCount * target.Columns * target.Rows;
        }

        return parameters;
    }
}

using YMaskNet.Inference.Detection;
using YMaskNet.Inference.Frames;
using YMaskNet.Inference.Gpu.Kernels;
using YMaskNet.Inference.Models;

namespace YMaskNet.Perf.Gpu.Verification.Cases;

/// <summary>Regions of two images, and what a second network says of them.</summary>
internal sealed class Stage2Inputs
{
    public const int Network = 64;
    public const float MinScore = 0.4f;

    public required RefinementDescription Refinement { get; init; }

    public required int ClassCount { get; init; }

    public required KernelSlot[] Slots { get; init; }

    public required KernelRegion[] Regions { get; init; }

    /// <summary><c>[R, classes + 1]</c>.</summary>
    public required float[] ClassLogits { get; init; }

    /// <summary><c>[R, 4]</c>.</summary>
    public required float[] Deltas { get; init; }

    public ReadOnlySpan<float> LogitsOf(int region) => ClassLogits.AsSpan(region * (ClassCount + 1), ClassCount + 1);

    public ReadOnlySpan<float> DeltasOf(int region) => Deltas.AsSpan(region * 4, 4);

    /// <summary>What the kernels are told of the model.</summary>
    public KernelRefinement Parameters =>
        ModelParameters.Of(CaseModels.Detector(CaseModels.GreyInput(Network, Network), ClassCount), Refinement);

    /// <summary>Regions within the images; some of a Segment task leave the class to the network.</summary>
    public static Stage2Inputs Random(Random random, KernelTask task, int count, int classCount, ScoreRule score = ScoreRule.GeometricMean)
    {
        KernelSlot[] slots = [CaseSlots.Fitted(task, 100, 80, Network, Network), CaseSlots.Fitted(task, 30, 50, Network, Network)];
        foreach (ref KernelSlot slot in slots.AsSpan())
            slot.MinScore = MinScore;
        KernelRegion[] regions = [.. Enumerable.Range(0, count).Select(index => RandomRegion(random, slots, task, classCount, 1000 - index))];
        float[] logits = random.Floats(count * (classCount + 1), -4f, 4f);

        // The softmax of many classes with random logits would keep next to nothing.
        for (int index = 0; index < count; index++)
            logits[(index * (classCount + 1)) + Math.Max(regions[index].ClassId, 0)] += 6f;
        return new Stage2Inputs
        {
            Refinement = CaseModels.Refinement(maskSize: 28, score: score),
            ClassCount = classCount,
            Slots = slots,
            Regions = regions,
            ClassLogits = logits,
            Deltas = random.Floats(count * 4, -9f, 9f),
        };
    }

    private static KernelRegion RandomRegion(Random random, KernelSlot[] slots, KernelTask task, int classCount, int anchor)
    {
        int slot = random.Next(slots.Length);
        Letterbox letterbox = CaseSlots.LetterboxOf(slots[slot]);
        float x = letterbox.Left + (random.Float(0f, 0.8f) * letterbox.ContentWidth);
        float y = letterbox.Top + (random.Float(0f, 0.8f) * letterbox.ContentHeight);
        CornerBox box = new CornerBox(x, y, x + random.Float(1f, 20f), y + random.Float(1f, 20f)).ClippedTo(letterbox.Content);
        bool isSegment = task == KernelTask.Segment;
        int classId = isSegment && random.Next(2) == 0 ? -1 : random.Next(classCount);
        return new KernelRegion(box, letterbox.ToImage(box), isSegment ? 1f : random.Float(0.1f, 1f), classId, anchor, slot);
    }
}

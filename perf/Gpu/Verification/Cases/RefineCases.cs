using YMaskNet.Inference.Detection;
using YMaskNet.Inference.Frames;
using YMaskNet.Inference.Gpu.Kernels;
using YMaskNet.Inference.Models;
using YMaskNet.Inference.Segmentation;
using YMaskNet.Perf.Gpu.Machines;

namespace YMaskNet.Perf.Gpu.Verification.Cases;

/// <summary>
/// Classes, scores and boxes from the second network's outputs, against the CPU's operators: scores within 0.00001, boxes within
/// 0.0002 pixels, since the exponential is the kernels' own. What lies within that of a threshold may fall on either side.
/// </summary>
internal static class RefineCases
{
    private const string Kernel = "refine_regions";
    private const float ScoreTolerance = 1e-5f;
    private const float BoxTolerance = 2e-4f;
    private const float SideTolerance = 1e-3f;

    private static readonly float[] Wrong = [float.NaN, float.PositiveInfinity, float.NegativeInfinity];

    public static IEnumerable<KernelCase> All()
    {
        Random random = new(17);
        foreach (KernelTask task in new[] { KernelTask.DetectAndSegment, KernelTask.Segment })
        {
            foreach (int classCount in new[] { 1, 6, 80, 255 })
                yield return Create(FormattableString.Invariant($"{task}, {classCount} classes"), Stage2Inputs.Random(random, task, 100, classCount));
            yield return Create($"{task}, no regions", Stage2Inputs.Random(random, task, 0, 6));
            yield return Create($"{task}, NaN and infinity", WithNonFinite(random, Stage2Inputs.Random(random, task, 60, 6)));
            yield return Create($"{task}, a box of NaN", WithNaNDeltas(Stage2Inputs.Random(random, task, 4, 6, ScoreRule.Stage1)));
        }

        yield return Create("the first network's score", Stage2Inputs.Random(random, KernelTask.DetectAndSegment, 40, 3, ScoreRule.Stage1));
        yield return Create("the first of equal classes", WithEqualClasses(Stage2Inputs.Random(random, KernelTask.Segment, 3, 80)));
    }

    private static KernelCase Create(string name, Stage2Inputs inputs) => new(
        Kernel,
        name,
        (arrays, outputs) =>
        {
            int count = inputs.Regions.Length;
            KernelArray<KernelInstance> instances = arrays.Empty<KernelInstance>(count);
            arrays.Find(Kernel, 256)
                .With(arrays.Of<KernelSlot>(inputs.Slots).Address).With(arrays.Of<KernelRegion>(inputs.Regions).Address)
                .With(arrays.Of<int>([.. Enumerable.Range(0, count)]).Address).With(arrays.Of<int>(count).Address)
                .With(new KernelRegionChunk(0, Math.Max(count, 1))).With(inputs.Parameters)
                .With(arrays.Of<float>(inputs.ClassLogits).Address).With(arrays.Of<float>(inputs.Deltas).Address).With(instances.Address)
                .Run(2);
            outputs.Add("instances", instances.Read());
        },
        outputs => outputs.Get<KernelInstance>("instances").Select((found, index) => Difference(inputs, index, found))
            .FirstOrDefault(difference => difference is not null));

    private static string? Difference(Stage2Inputs inputs, int index, KernelInstance found)
    {
        KernelRegion region = inputs.Regions[index];
        KernelSlot slot = inputs.Slots[region.Slot];
        bool isSegment = slot.Task == KernelTask.Segment;
        int classId = region.ClassId >= 0 ? region.ClassId : ClassProbabilities.Best(inputs.LogitsOf(index));
        float probability = ClassProbabilities.Of(classId, inputs.LogitsOf(index));
        float score = isSegment ? (float.IsNaN(probability) ? 0f : probability)
            : inputs.Refinement.Score == ScoreRule.Stage1 ? region.Score
            : MathF.Sqrt(region.Score * probability);
        Letterbox letterbox = CaseSlots.LetterboxOf(slot);
        CornerBox refined = new BoxRefinement(inputs.Refinement).Apply(region.NetworkBox, inputs.DeltasOf(index)).ClippedTo(letterbox.Content);
        float side = Math.Min(refined.Width, refined.Height);
        if (MathF.Abs(side - 1f) <= SideTolerance || (!isSegment && MathF.Abs(score - slot.MinScore) <= ScoreTolerance))
            return null;

        bool isKept = isSegment || (score >= slot.MinScore && refined.IsAtLeastOnePixel);
        CornerBox box = isKept ? (refined.IsAtLeastOnePixel ? letterbox.ToImage(refined) : region.ImageBox) : default;
        KernelInstance expected = new(
            box, isKept ? score : 0f, classId, region.AnchorIndex, region.Slot, 0, 0, 0, 0, MaskOffset: -1, isKept ? 1 : 0, 0, 0);
        if (isKept)
            expected = WithRectangle(expected, region.ImageBox);

        // All but what is a float is the same.
        bool isSame = (found with { ImageBox = box, Score = expected.Score }) == expected
            && Differences.AreClose(expected.Score, found.Score, ScoreTolerance)
            && Differences.OfFloats(Corners(box), Corners(found.ImageBox), BoxTolerance) is null;
        return isSame ? null : FormattableString.Invariant($"region {index} is {found}; expected {expected}");
    }

    private static KernelInstance WithRectangle(KernelInstance instance, in CornerBox box)
    {
        int x = (int)MathF.Floor(box.X1);
        int y = (int)MathF.Floor(box.Y1);
        return instance with { MaskX = x, MaskY = y, MaskWidth = (int)MathF.Ceiling(box.X2) - x, MaskHeight = (int)MathF.Ceiling(box.Y2) - y };
    }

    private static float[] Corners(in CornerBox box) => [box.X1, box.Y1, box.X2, box.Y2];

    private static Stage2Inputs WithNonFinite(Random random, Stage2Inputs inputs)
    {
        for (int index = 0; index < 30; index++)
        {
            inputs.ClassLogits[(index * 7) + random.Next(7)] = Wrong[index % 3];
            inputs.Deltas[((59 - index) * 4) + random.Next(4)] = Wrong[index % 3];
        }

        inputs.ClassLogits.AsSpan(0, 7).Fill(float.NaN);
        inputs.ClassLogits.AsSpan(7, 7).Fill(float.NegativeInfinity);
        return inputs;
    }

    private static Stage2Inputs WithNaNDeltas(Stage2Inputs inputs)
    {
        inputs.Deltas.AsSpan().Clear();
        for (int index = 0; index < 4; index++)
        {
            inputs.Regions[index].Score = 0.9f;
            inputs.Deltas[(index * 4) + index] = float.NaN;
        }

        return inputs;
    }

    private static Stage2Inputs WithEqualClasses(Stage2Inputs inputs)
    {
        int[][] likeliest = [[70, 33, 5, 37], [64, 0, 32], [79, 78]];
        for (int index = 0; index < likeliest.Length; index++)
        {
            inputs.Regions[index].ClassId = -1;
            foreach (int classId in likeliest[index])
                inputs.ClassLogits[(index * 81) + classId] = 20f;

            // The background, however likely.
            inputs.ClassLogits[(index * 81) + 80] = 30f;
        }

        return inputs;
    }
}

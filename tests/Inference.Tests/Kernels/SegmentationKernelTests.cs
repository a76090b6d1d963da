using YMaskNet.Inference.Detection;
using YMaskNet.Inference.Frames;
using YMaskNet.Inference.Gpu.Kernels;
using YMaskNet.Inference.Models;
using YMaskNet.Inference.Results;
using YMaskNet.Inference.Segmentation;

namespace YMaskNet.Inference.Tests.Kernels;

/// <summary>
/// The kernels that refine boxes, place and paste masks and make class maps give what the CPU operators do, within the rounding
/// of the exponential.
/// </summary>
public sealed class SegmentationKernelTests
{
    private const int NetworkSize = 96;
    private const int ClassCount = 5;
    private const int MaskSize = 28;
    private const int RegionCount = 40;

    private static readonly RefinementDescription Refinement = new()
    {
        MaskTensor = "m", MaskSize = MaskSize, MaskThreshold = 0.5f, ClassTensor = "c", DeltaTensor = "d",
        DeltaWeights = [10f, 8f, 5f, 4f], LogScaleClamp = 1f, Score = ScoreRule.GeometricMean,
    };

    private static readonly Letterbox Placement = Letterbox.Fit(333, 250, NetworkSize, NetworkSize);

    [Fact]
    public void RefinePlacePaste_CallersRegions_GiveWhatTheCpuOperatorsGive()
    {
        Random random = new(3);
        KernelRegion[] regions = [.. Enumerable.Range(0, RegionCount).Select(index => RandomRegion(random, index))];
        float[] classLogits = RandomValues(random, RegionCount * (ClassCount + 1));
        float[] deltas = RandomValues(random, RegionCount * 4);
        float[] maskLogits = RandomValues(random, RegionCount * ClassCount * MaskSize * MaskSize);

        (KernelInstance[] instances, byte[] arena) = Run(regions, classLogits, deltas, maskLogits);

        BoxRefinement refinement = new(Refinement);
        MaskPaster paster = new(MaskSize, Refinement.MaskThreshold);
        for (int index = 0; index < RegionCount; index++)
        {
            KernelInstance instance = instances[index];
            ReadOnlySpan<float> logits = classLogits.AsSpan(index * (ClassCount + 1), ClassCount + 1);
            int classId = regions[index].ClassId >= 0 ? regions[index].ClassId : ClassProbabilities.Best(logits);
            Assert.Equal(classId, instance.ClassId);
            Assert.Equal(ClassProbabilities.Of(classId, logits), instance.Score, 1e-6f);
            CornerBox refined = refinement.Apply(regions[index].NetworkBox, deltas.AsSpan(index * 4, 4)).ClippedTo(Placement.Content);
            AssertNear(refined.IsAtLeastOnePixel ? Placement.ToImage(refined) : regions[index].ImageBox, instance.ImageBox);

            ReadOnlySpan<float> mask = maskLogits.AsSpan(((index * ClassCount) + classId) * MaskSize * MaskSize, MaskSize * MaskSize);
            AssertMask(paster.Paste(mask, regions[index].ImageBox), mask, regions[index].ImageBox, instance, arena);
        }
    }

    [Fact]
    public void ClassMap_RandomLogits_EqualsTheCpuOperators()
    {
        Random random = new(9);
        float[] logits = RandomValues(random, ClassCount * NetworkSize * NetworkSize);
        for (int index = 0; index < logits.Length; index += 11)
            logits[index] = float.NaN;
        byte[] classes = new byte[Placement.ContentWidth * Placement.ContentHeight];
        SemanticClassMap.ArgMax(
            logits, ClassCount, NetworkSize, Placement.Left, Placement.Top, Placement.ContentWidth, Placement.ContentHeight,
            backgroundClass: 2, backgroundOffset: 0.75f, classes);
        byte[] expected = new byte[Placement.ImageWidth * Placement.ImageHeight];
        SemanticClassMap.Resample(classes, Placement.ContentWidth, Placement.ContentHeight, expected, Placement.ImageWidth, Placement.ImageHeight);

        using DeviceArray<byte> map = new(expected.Length);
        KernelSlot slot = KernelSlot.Of(KernelTask.Classify, Placement);
        slot.ClassMap = map.Address;
        using DeviceArray<KernelSlot> slots = new([slot]);
        using DeviceArray<float> values = new(logits);
        EmulatedKernels.Launch(
            "class_map", (6, 16, 1), (64, 4), 0, slots.Address, ClassCount, NetworkSize, NetworkSize, 2, 0.75f, values.Address);

        Assert.Equal(expected, map.Values.ToArray());
    }

    private static float[] RandomValues(Random random, int count) =>
        [.. Enumerable.Range(0, count).Select(_ => (float)((random.NextDouble() * 8) - 4))];

    private static KernelRegion RandomRegion(Random random, int index)
    {
        float x1 = (float)random.NextDouble() * 300f;
        float y1 = (float)random.NextDouble() * 220f;
        float x2 = Math.Min(x1 + 0.5f + ((float)random.NextDouble() * 90f), 333f);
        float y2 = Math.Min(y1 + 0.5f + ((float)random.NextDouble() * 90f), 250f);
        CornerBox image = new(x1, y1, x2, y2);
        return new KernelRegion(Placement.ToNetwork(image), image, Score: 1f, ClassId: random.Next(-1, ClassCount), AnchorIndex: index, Slot: 0);
    }

    private static (KernelInstance[] Instances, byte[] Arena) Run(KernelRegion[] regions, float[] classLogits, float[] deltas, float[] maskLogits)
    {
        KernelRefinement parameters = new()
        {
            ClassCount = ClassCount, MaskSize = MaskSize, MaskThreshold = Refinement.MaskThreshold, LogScaleClamp = Refinement.LogScaleClamp,
        };
        for (int index = 0; index < 4; index++)
            parameters.DeltaWeights[index] = Refinement.DeltaWeights[index];
        KernelRegionChunk chunk = new(0, RegionCount);
        const long ArenaBytes = 1 << 20;
        using DeviceArray<KernelSlot> slots = new([KernelSlot.Of(KernelTask.Segment, Placement)]);
        using DeviceArray<KernelRegion> deviceRegions = new(regions);
        using DeviceArray<int> list = new([.. Enumerable.Range(0, RegionCount)]);
        using DeviceArray<int> count = new([RegionCount]);
        using DeviceArray<float> deviceClasses = new(classLogits);
        using DeviceArray<float> deviceDeltas = new(deltas);
        using DeviceArray<float> deviceMasks = new(maskLogits);
        using DeviceArray<KernelInstance> instances = new(RegionCount);
        using DeviceArray<KernelArenaState> state = new([default(KernelArenaState)]);
        using DeviceArray<byte> arena = new((int)ArenaBytes);

        EmulatedKernels.Launch(
            "refine_regions", (2, 1, 1), (256, 1), 0, slots.Address, deviceRegions.Address, list.Address, count.Address, chunk, parameters,
            deviceClasses.Address, deviceDeltas.Address, instances.Address);
        EmulatedKernels.Launch("place_masks", (1, 1, 1), (256, 1), 0, count.Address, chunk, ArenaBytes, instances.Address, state.Address);
        EmulatedKernels.Launch(
            "paste_masks", (2, 8, 1), (256, 1), 4 * MaskSize * MaskSize, deviceRegions.Address, list.Address, count.Address, chunk, parameters,
            deviceMasks.Address, instances.Address, arena.Address);

        Assert.Equal(0, state.Values[0].MissingMasks);
        return (instances.Values.ToArray(), arena.Values.ToArray());
    }

    private static void AssertNear(in CornerBox expected, in CornerBox actual)
    {
        Assert.Equal(expected.X1, actual.X1, 1e-3f);
        Assert.Equal(expected.Y1, actual.Y1, 1e-3f);
        Assert.Equal(expected.X2, actual.X2, 1e-3f);
        Assert.Equal(expected.Y2, actual.Y2, 1e-3f);
    }

    private static void AssertMask(BinaryMask expected, ReadOnlySpan<float> logits, in CornerBox box, in KernelInstance instance, byte[] arena)
    {
        Assert.Equal(
            (expected.X, expected.Y, expected.Width, expected.Height),
            (instance.MaskX, instance.MaskY, instance.MaskWidth, instance.MaskHeight));
        ReadOnlySpan<byte> bits = arena.AsSpan(instance.MaskOffset, BinaryMask.BytesOf(expected.Width, expected.Height));
        for (int row = 0; row < expected.Height; row++)
        {
            for (int column = 0; column < expected.RowBytes * 8; column++)
            {
                bool isInside = (bits[(row * expected.RowBytes) + (column >> 3)] & (0x80 >> (column & 7))) != 0;
                if (isInside == expected[column, row])
                    continue;

                // Only where the probability is at the threshold may the exponential's rounding decide.
                double probability = Probability(logits, box, expected.X + column, expected.Y + row);
                bool isAtThreshold = column < expected.Width && Math.Abs(probability - Refinement.MaskThreshold) < 1e-6;
                Assert.True(isAtThreshold, $"Pixel {column}, {row} has the probability {probability}.");
            }
        }
    }

    private static double Probability(ReadOnlySpan<float> logits, in CornerBox box, int x, int y)
    {
        double u = Math.Clamp(((x + 0.5 - box.X1) / ((double)box.X2 - box.X1) * MaskSize) - 0.5, 0, MaskSize - 1);
        double v = Math.Clamp(((y + 0.5 - box.Y1) / ((double)box.Y2 - box.Y1) * MaskSize) - 0.5, 0, MaskSize - 1);
        int left = (int)u;
        int top = (int)v;
        int right = Math.Min(left + 1, MaskSize - 1);
        int bottom = Math.Min(top + 1, MaskSize - 1);
        double upper = (At(logits, top, left) * (left + 1 - u)) + (At(logits, top, right) * (u - left));
        double lower = (At(logits, bottom, left) * (left + 1 - u)) + (At(logits, bottom, right) * (u - left));
        return (upper * (top + 1 - v)) + (lower * (v - top));
    }

    private static double At(ReadOnlySpan<float> logits, int row, int column) => 1 / (1 + Math.Exp(-logits[(row * MaskSize) + column]));
}

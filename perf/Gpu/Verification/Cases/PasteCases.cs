using YMaskNet.Inference.Detection;
using YMaskNet.Inference.Gpu.Kernels;
using YMaskNet.Inference.Results;
using YMaskNet.Inference.Segmentation;
using YMaskNet.Perf.Gpu.Machines;

namespace YMaskNet.Perf.Gpu.Verification.Cases;

/// <summary>
/// Mask logits to bits, against <see cref="MaskPaster"/>: the same but for pixels whose probability lies within 0.00001 of the
/// threshold, and no byte beyond the masks.
/// </summary>
internal static class PasteCases
{
    private const string Kernel = "paste_masks";
    private const double ThresholdTolerance = 1e-5;
    private const int LargestSharedMask = 110;
    private const byte Unwritten = 0xff;

    public static IEnumerable<KernelCase> All()
    {
        Random random = new(47);
        List<CornerBox> boxes = [new(0, 0, 400, 300), new(3.2f, 4.7f, 13.1f, 9f), new(5, 5, 5.1f, 5.1f), new(0, 0, 32, 32), new(7, 7, 40, 41), new(399, 399, 400, 400)];
        for (int index = 0; index < 20; index++)
        {
            float x = random.Float(0f, 300f);
            float y = random.Float(0f, 300f);
            boxes.Add(new(x, y, x + random.Float(0.1f, 90f), y + random.Float(0.1f, 90f)));
        }

        // 28: in shared memory; 120: too large for it.
        foreach ((int size, float threshold) in new[] { (2, 0.3f), (28, 0.5f), (120, 0.3f) })
        {
            CornerBox[] some = size == 120 ? [.. boxes[1..8]] : [.. boxes];
            float[] logits = random.Floats(some.Length * 2 * size * size, -4f, 4f);
            yield return Create(FormattableString.Invariant($"masks of {size} x {size}, threshold {threshold}"), size, threshold, some, classCount: 2, logits, grid: (3, 7));
        }

        foreach (float logit in new[] { float.NaN, float.NegativeInfinity, float.PositiveInfinity })
        {
            float[] logits = new float[28 * 28];
            Array.Fill(logits, logit);
            yield return Create(FormattableString.Invariant($"logits of {logit}"), 28, 0.5f, [new(10, 10, 20, 20)], classCount: 1, logits, grid: (1, 1));
        }

        CornerBox[] row = [.. Enumerable.Range(0, 12).Select(index => new CornerBox(20f * index, 10, (20f * index) + 19, 40))];
        yield return Create(
            "masks without a place", 28, 0.5f, row, classCount: 1, random.Floats(12 * 28 * 28, -4f, 4f), grid: (2, 12), mostBytes: 500);
        yield return Create("an instance that is not kept", 28, 0.5f, [new(1, 1, 9, 9)], classCount: 1, random.Floats(28 * 28, -4f, 4f), grid: (1, 4), isKept: false);
        yield return Create("no instances", 28, 0.5f, [], classCount: 1, [], grid: (4, 2));
    }

    private static KernelCase Create(
        string name, int size, float threshold, CornerBox[] boxes, int classCount, float[] logits, (int X, int Y) grid, int mostBytes = int.MaxValue, bool isKept = true)
    {
        (KernelInstance[] instances, int arenaBytes) = Placed(boxes, classCount, mostBytes, isKept);
        return new KernelCase(
            Kernel,
            name,
            (arrays, outputs) =>
            {
                int count = boxes.Length;
                KernelRegion[] regions = [.. boxes.Select((box, index) => new KernelRegion(new(1, 1, 9, 9), box, 1f, instances[index].ClassId, index, 0))];
                KernelArray<byte> arena = arrays.Empty<byte>(arenaBytes);
                Stage2Inputs model = new()
                {
                    Refinement = CaseModels.Refinement(size, threshold), ClassCount = classCount, Slots = [], Regions = regions, ClassLogits = [], Deltas = [],
                };
                arrays.Find(Kernel, 256, sharedBytes: size <= LargestSharedMask ? (uint)(4 * size * size) : 0)
                    .With(arrays.Of<KernelRegion>(regions).Address).With(arrays.Of<int>([.. Enumerable.Range(0, count)]).Address)
                    .With(arrays.Of<int>(count).Address).With(new KernelRegionChunk(0, Math.Max(count, 1))).With(model.Parameters)
                    .With(arrays.Of<float>(logits).Address).With(arrays.Of<KernelInstance>(instances).Address).With(arena.Address)
                    .Run(grid.X, grid.Y);
                outputs.Add("arena", arena.Read());
            },
            outputs =>
            {
                byte[] found = [.. outputs.Get<byte>("arena")];
                for (int index = 0; index < instances.Length; index++)
                {
                    if (instances[index].IsKept == 0 || instances[index].MaskOffset < 0)
                        continue;
                    ReadOnlySpan<float> cells = logits.AsSpan(((index * classCount) + instances[index].ClassId) * size * size, size * size);
                    BinaryMask expected = new MaskPaster(size, threshold).Paste(cells, boxes[index]);
                    Span<byte> bits = found.AsSpan(instances[index].MaskOffset, expected.Bits.Length);
                    if (Difference(expected, bits, cells, size, threshold, boxes[index]) is { } difference)
                        return FormattableString.Invariant($"instance {index}: {difference}");
                    bits.Fill(Unwritten);
                }

                int written = found.AsSpan().IndexOfAnyExcept(Unwritten);
                return written < 0 ? null : FormattableString.Invariant($"byte {written} of the arena, which belongs to no mask, was written");
            });
    }

    private static string? Difference(
        BinaryMask expected, ReadOnlySpan<byte> bits, ReadOnlySpan<float> cells, int size, float threshold, in CornerBox box)
    {
        if (bits.SequenceEqual(expected.Bits))
            return null;
        BinaryMask found = new(expected.X, expected.Y, expected.Width, expected.Height);
        found.SetBits(bits);
        for (int row = 0; row < expected.Height; row++)
        {
            for (int column = 0; column < expected.Width; column++)
            {
                if (found[column, row] == expected[column, row])
                    continue;
                double probability = ProbabilityAt(cells, size, box, expected.X + column, expected.Y + row);
                if (!(Math.Abs(probability - threshold) <= ThresholdTolerance))
                    return FormattableString.Invariant($"pixel ({column}, {row}) is {found[column, row]}, with a probability of {probability:R}");
            }

            int used = expected.Width % 8;
            if (used > 0 && (found.Row(row)[^1] & (0xff >> used)) != 0)
                return FormattableString.Invariant($"row {row} has a bit beyond the width");
        }

        return null;
    }

    /// <summary>Bilinear between the cells' centres, in double.</summary>
    private static double ProbabilityAt(ReadOnlySpan<float> cells, int size, in CornerBox box, int x, int y)
    {
        double column = Math.Clamp(((x + 0.5 - box.X1) / ((double)box.X2 - box.X1) * size) - 0.5, 0, size - 1);
        double row = Math.Clamp(((y + 0.5 - box.Y1) / ((double)box.Y2 - box.Y1) * size) - 0.5, 0, size - 1);
        int left = (int)column;
        int top = (int)row;
        int right = Math.Min(left + 1, size - 1);
        int bottom = Math.Min(top + 1, size - 1);
        double upper = Mixed(Sigmoid(cells[(top * size) + left]), Sigmoid(cells[(top * size) + right]), column - left);
        double lower = Mixed(Sigmoid(cells[(bottom * size) + left]), Sigmoid(cells[(bottom * size) + right]), column - left);
        return Mixed(upper, lower, row - top);
    }

    private static double Sigmoid(double value) => 1 / (1 + Math.Exp(-value));

    private static double Mixed(double first, double second, double weight) => first + ((second - first) * weight);

    /// <summary>Instances as refine_regions and place_masks leave them, and how large their arena is.</summary>
    private static (KernelInstance[] Instances, int ArenaBytes) Placed(CornerBox[] boxes, int classCount, int mostBytes, bool isKept)
    {
        KernelInstance[] instances = new KernelInstance[boxes.Length];
        int end = 0;
        for (int index = 0; index < boxes.Length; index++)
        {
            ref KernelInstance instance = ref instances[index];
            instance.ImageBox = boxes[index];
            instance.ClassId = index % classCount;
            instance.MaskX = (int)MathF.Floor(boxes[index].X1);
            instance.MaskY = (int)MathF.Floor(boxes[index].Y1);
            instance.MaskWidth = (int)MathF.Ceiling(boxes[index].X2) - instance.MaskX;
            instance.MaskHeight = (int)MathF.Ceiling(boxes[index].Y2) - instance.MaskY;
            instance.IsKept = isKept ? 1 : 0;
            int bytes = (BinaryMask.BytesOf(instance.MaskWidth, instance.MaskHeight) + 15) / 16 * 16;
            instance.MaskOffset = end + bytes <= mostBytes ? end : -1;
            end += instance.MaskOffset >= 0 ? bytes : 0;
        }

        return (instances, Math.Max(end, 64));
    }
}

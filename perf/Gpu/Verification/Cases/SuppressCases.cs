using YMaskNet.Inference.Detection;
using YMaskNet.Inference.Frames;
using YMaskNet.Inference.Gpu.Kernels;
using YMaskNet.Perf.Gpu.Machines;

namespace YMaskNet.Perf.Gpu.Verification.Cases;

/// <summary>Sorted candidates to regions: the same ones, bit for bit, as <see cref="NonMaximumSuppression"/> keeps.</summary>
internal static class SuppressCases
{
    private const string Kernel = "suppress";
    private const int MaxCandidates = 3000;

    public static IEnumerable<KernelCase> All()
    {
        Random random = new(31);
        foreach (int count in new[] { 0, 1, 2, 31, 255, 256, 257, 600, 1500 })
        {
            foreach (float threshold in new[] { 0f, 0.5f, 0.75f })
            {
                KernelTask[] tasks = [KernelTask.Detect, KernelTask.DetectAndSegment];
                (KernelSlot, Candidate[])[] slots =
                [
                    .. tasks.Select(task => (
                        CaseSlots.Fitted(task, 300, 160, 96, 64).WithLimits(0.1f, threshold, 300), RandomCandidates(random, count, classes: 3, clusters: 25))),
                ];
                yield return Create(FormattableString.Invariant($"{count} candidates, IoU {threshold}"), MaxCandidates, maxRois: 300, slots);
            }
        }

        foreach (int maxDefects in new[] { 1, 7, 20, 50 })
        {
            yield return Create(
                FormattableString.Invariant($"at most {maxDefects} defects, 20 regions and 300 candidates"),
                maxCandidates: 300,
                maxRois: 20,
                (Limited(0.9f, maxDefects), RandomCandidates(random, 700, classes: 5, clusters: 90)));
        }

        yield return Create(
            "an overlap of exactly the threshold",
            MaxCandidates,
            maxRois: 10,
            (Limited(0.5f, 10), Ranked((new(0, 0, 8, 8), 0), (new(0, 0, 8, 4), 0), (new(0, 0, 4, 8), 0), (new(0, 0, 8, 5), 0), (new(0, 0, 8, 8), 1))));
        yield return Create(
            "boxes without an IoU",
            MaxCandidates,
            maxRois: 10,
            (Limited(0.5f, 10), Ranked(
                (new(float.NaN, float.NaN, float.NaN, float.NaN), 0),
                (new(0, 0, 8, 8), 0),
                (new(0, 0, float.PositiveInfinity, float.PositiveInfinity), 0),
                (new(4, 4, 4, 4), 0),
                (new(4, 4, 4, 4), 0))));
        yield return Create(
            "a slot with the caller's regions",
            MaxCandidates,
            maxRois: 10,
            (CaseSlots.Fitted(KernelTask.Segment, 96, 64, 96, 64), Ranked((new(0, 0, 8, 8), 0))));
        yield return Create(
            "as many regions as there can be",
            MaxCandidates,
            maxRois: 1000,
            (Limited(1f, 1000), RandomCandidates(random, 1500, classes: 3, clusters: 90)));
    }

    private static KernelCase Create(string name, int maxCandidates, int maxRois, params (KernelSlot Slot, Candidate[] Candidates)[] slots)
    {
        int stride = Math.Max(1, slots.Max(slot => slot.Candidates.Length));
        return new KernelCase(
            Kernel,
            name,
            (arrays, outputs) =>
            {
                KernelArray<KernelRegion> regions = arrays.Empty<KernelRegion>(slots.Length * maxRois);
                KernelArray<int> regionCounts = arrays.Empty<int>(slots.Length);
                Candidate[] padded = [.. slots.SelectMany(slot => slot.Candidates.Concat(new Candidate[stride - slot.Candidates.Length]))];
                arrays.Find(Kernel, 256, sharedBytes: 24 * (uint)maxRois)
                    .With(arrays.Of<KernelSlot>([.. slots.Select(slot => slot.Slot)]).Address)
                    .With(arrays.Of<int>([.. slots.Select(slot => slot.Candidates.Length)]).Address)
                    .With(arrays.Of<ulong>([.. padded.Select(KeyOf)]).Address)
                    .With(stride)
                    .With(arrays.Of<CornerBox>([.. padded.Select(candidate => candidate.Box)]).Address)
                    .With(arrays.Of<int>([.. padded.Select(candidate => candidate.ClassId)]).Address)
                    .With(stride)
                    .With(maxCandidates)
                    .With(maxRois)
                    .With(regions.Address)
                    .With(regionCounts.Address)
                    .Run(slots.Length);
                outputs.Add("region counts", regionCounts.Read());
                outputs.Add("regions", regions.Read());
            },
            outputs => slots.Select((slot, index) => Difference(outputs, slot.Slot, slot.Candidates, index, maxCandidates, maxRois))
                .FirstOrDefault(difference => difference is not null));
    }

    private static string? Difference(
        KernelOutputs outputs, KernelSlot slot, Candidate[] candidates, int index, int maxCandidates, int maxRois)
    {
        int count = outputs.Get<int>("region counts")[index];
        if (slot.Task == KernelTask.Segment)
            return count == -1 ? null : $"the regions of slot {index}, which are the caller's, were written over";
        Letterbox letterbox = CaseSlots.LetterboxOf(slot);
        KernelRegion[] expected =
        [
            .. new NonMaximumSuppression(maxRois)
                .Run(candidates.AsSpan(0, Math.Min(candidates.Length, maxCandidates)), slot.IouThreshold, Math.Min(slot.MaxDefects, maxRois))
                .ToArray()
                .Select(kept => new KernelRegion(kept.Box, letterbox.ToImage(kept.Box), kept.Score, kept.ClassId, kept.AnchorIndex, index)),
        ];
        return count != expected.Length
            ? $"slot {index} has {count} regions in place of {expected.Length}"
            : Differences.Of<KernelRegion>($"slot {index}, region", expected, outputs.Get<KernelRegion>("regions").AsSpan(index * maxRois, count));
    }

    private static KernelSlot Limited(float threshold, int maxDefects) =>
        CaseSlots.Fitted(KernelTask.Detect, 96, 64, 96, 64).WithLimits(0.1f, threshold, maxDefects);

    private static ulong KeyOf(Candidate candidate) =>
        ((ulong)~BitConverter.SingleToUInt32Bits(candidate.Score) << 32) | (uint)candidate.AnchorIndex;

    private static Candidate[] Ranked(params (CornerBox Box, int ClassId)[] boxes) =>
        [.. boxes.Select((entry, place) => new Candidate(entry.Box, 0.9f - (0.1f * place), entry.ClassId, place))];

    private static Candidate[] RandomCandidates(Random random, int count, int classes, int clusters)
    {
        Candidate[] candidates = new Candidate[count];
        for (int index = 0; index < count; index++)
        {
            int cluster = random.Next(clusters);
            float x = (cluster * 37 % 80) + random.Float(0f, 5f);
            float y = (cluster * 23 % 50) + random.Float(0f, 5f);
            CornerBox box = new(x, y, x + random.Float(5f, 15f), y + random.Float(5f, 15f));
            candidates[index] = new Candidate(box, 1f - (index / 100_000f), random.Next(classes), index);
        }

        return candidates;
    }
}

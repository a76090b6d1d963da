using YMaskNet.Inference.Detection;
using YMaskNet.Inference.Gpu.Kernels;
using YMaskNet.Inference.Models;
using YMaskNet.Perf.Gpu.Machines;

namespace YMaskNet.Perf.Gpu.Verification.Cases;

/// <summary>
/// Heads to candidates, against <see cref="AnchorDecoder"/>: the same anchors and classes, scores within 0.000001, boxes within
/// 0.0001 pixels, since the exponential is the kernels' own. What lies within that of a threshold may fall on either side.
/// </summary>
internal static class DecodeCases
{
    private const string Kernel = "decode_anchors";
    private const int Threads = 256;
    private const float ScoreTolerance = 1e-6f;
    private const float BoxTolerance = 1e-4f;

    private static readonly InputDescription Input = CaseModels.GreyInput(96, 64);

    private static readonly AnchorHead[] Heads =
    [
        new() { Tensor = "fine", Stride = 8, Anchors = [new(20f, 14f), new(9f, 30f), new(6f, 6f)] },
        new() { Tensor = "coarse", Stride = 16, Anchors = [new(40f, 34f), new(61f, 20f)] },
    ];

    public static IEnumerable<KernelCase> All()
    {
        KernelSlot[] three =
        [
            CaseSlots.Fitted(KernelTask.Detect, 200, 100, 96, 64).WithLimits(0.3f, 0.5f, 100),
            CaseSlots.Fitted(KernelTask.Segment, 50, 64, 96, 64).WithLimits(0.001f, 0.5f, 100),
            CaseSlots.Fitted(KernelTask.DetectAndSegment, 50, 64, 96, 64).WithLimits(0.001f, 0.5f, 100),
        ];
        yield return Create("random values, a slot with the caller's regions between two others", three, classCount: 4, RandomHeads(three.Length, 4, 21, -4f, 4f));

        KernelSlot[] one = [CaseSlots.Fitted(KernelTask.Detect, 96, 64, 96, 64).WithLimits(0.001f, 0.5f, 100)];
        yield return Create("NaN and infinity among the values", one, classCount: 3, WithNonFinite(RandomHeads(1, 3, 5, -1f, 3f)));
        yield return Create("the first of equal classes", one, classCount: 3, EqualClasses());
        foreach ((string name, float objectness) in new[] { ("no candidates", -30f), ("as many candidates as anchors", 8f) })
            yield return Create(name, [one[0].WithLimits(0.2f, 0.5f, 100)], classCount: 2, SameObjectness(objectness));
    }

    private static KernelCase Create(string name, KernelSlot[] slots, int classCount, float[][] values)
    {
        ModelManifest manifest = CaseModels.Detector(Input, classCount, Heads);
        int anchors = Heads.Sum(head => ModelParameters.AnchorsOf(head, Input));
        int capacity = ModelParameters.KeyCapacity(anchors);
        return new KernelCase(
            Kernel,
            name,
            (arrays, outputs) =>
            {
                Dictionary<string, nint> addresses = Heads.Zip(values).ToDictionary(
                    pair => pair.First.Tensor, pair => arrays.Of<float>(pair.Second).Address);
                KernelArray<ulong> keys = arrays.Empty<ulong>(slots.Length * capacity);
                KernelArray<CornerBox> boxes = arrays.Empty<CornerBox>(slots.Length * anchors);
                KernelArray<int> classes = arrays.Empty<int>(slots.Length * anchors);
                KernelArray<int> counts = arrays.Of<int>(new int[slots.Length]);
                int most = Heads.Max(head => ModelParameters.AnchorsOf(head, Input));
                arrays.Find(Kernel, Threads).With(arrays.Of<KernelSlot>(slots).Address)
                    .With(ModelParameters.Of(manifest, manifest.Detection!, tensor => addresses[tensor])).With(capacity)
                    .With(keys.Address).With(boxes.Address).With(classes.Address).With(counts.Address)
                    .Run((most + Threads - 1) / Threads, slots.Length, Heads.Length);
                int[] found = counts.Read();
                outputs.Add("counts", found);
                outputs.Add("keys", Ordered(keys.Read(), found, capacity));
                outputs.Add("boxes", boxes.Read());
                outputs.Add("classes", classes.Read());
            },
            outputs => slots.Select((slot, index) => Difference(outputs, manifest, slot, index, values, anchors, capacity))
                .FirstOrDefault(difference => difference is not null));
    }

    /// <summary>Keys come in no order.</summary>
    private static ulong[] Ordered(ulong[] keys, int[] counts, int capacity)
    {
        for (int slot = 0; slot < counts.Length; slot++)
            keys.AsSpan(slot * capacity, Math.Clamp(counts[slot], 0, capacity)).Sort();
        return keys;
    }

    private static string? Difference(
        KernelOutputs outputs, ModelManifest manifest, KernelSlot slot, int index, float[][] values, int anchors, int capacity)
    {
        int count = outputs.Get<int>("counts")[index];
        if (slot.Task is not (KernelTask.Detect or KernelTask.DetectAndSegment))
            return count == 0 ? null : $"slot {index} was decoded, whose regions the caller gives";
        if (count < 0 || count > anchors)
            return $"slot {index} has {count} candidates of {anchors} anchors";

        Dictionary<int, Candidate> expected = Decoded(manifest, slot, index, values, anchors).ToDictionary(candidate => candidate.AnchorIndex);
        foreach (ulong key in outputs.Get<ulong>("keys").AsSpan(index * capacity, count))
        {
            int anchor = (int)(uint)key;
            if (anchor < 0 || anchor >= anchors)
                return $"slot {index} has a candidate of anchor {anchor}; there are {anchors}";
            float score = BitConverter.UInt32BitsToSingle(~(uint)(key >> 32));
            CornerBox box = outputs.Get<CornerBox>("boxes")[(index * anchors) + anchor];
            int classId = outputs.Get<int>("classes")[(index * anchors) + anchor];
            if (!expected.Remove(anchor, out Candidate candidate))
            {
                if (!IsBorderline(new Candidate(box, score, classId, anchor), slot))
                    return FormattableString.Invariant($"slot {index}: the candidate of anchor {anchor}, score {score:R}, is there twice or should not be");
                continue;
            }

            if (classId != candidate.ClassId
                || !Differences.AreClose(candidate.Score, score, ScoreTolerance)
                || Differences.OfFloats(Corners(candidate.Box), Corners(box), BoxTolerance) is not null)
            {
                return FormattableString.Invariant($"slot {index}, anchor {anchor}: class {classId}, score {score:R}, {box}; expected {candidate}");
            }
        }

        return expected.Values.FirstOrDefault(candidate => !IsBorderline(candidate, slot)) is { Score: > 0f } missing
            ? $"slot {index}: there is no {missing}"
            : null;
    }

    private static bool IsBorderline(in Candidate candidate, in KernelSlot slot) =>
        MathF.Abs(candidate.Score - slot.CandidateMinScore) <= ScoreTolerance
        || MathF.Abs(Math.Min(candidate.Box.Width, candidate.Box.Height) - 1f) <= 2f * BoxTolerance;

    private static Candidate[] Decoded(ModelManifest manifest, KernelSlot slot, int index, float[][] values, int anchors)
    {
        CandidateBuffer candidates = new(anchors, anchors);
        int firstAnchor = 0;
        for (int head = 0; head < Heads.Length; head++)
        {
            AnchorDecoder decoder = new(Heads[head], Input, manifest.Classes.Count, firstAnchor);
            int length = values[head].Length / SlotsOf(values[head], head, manifest.Classes.Count);
            decoder.Decode(values[head].AsSpan(index * length, length), CaseSlots.LetterboxOf(slot).Content, slot.CandidateMinScore, candidates);
            firstAnchor += decoder.AnchorCount;
        }

        return candidates.Found.ToArray();
    }

    private static int SlotsOf(float[] values, int head, int classCount) => values.Length / LengthOf(head, classCount);

    private static int LengthOf(int head, int classCount) => ModelParameters.AnchorsOf(Heads[head], Input) * (5 + classCount);

    private static float[] Corners(in CornerBox box) => [box.X1, box.Y1, box.X2, box.Y2];

    private static float[][] RandomHeads(int slots, int classCount, int seed, float low, float high)
    {
        Random random = new(seed);
        return [.. Heads.Select((_, head) => random.Floats(slots * LengthOf(head, classCount), low, high))];
    }

    private static float[][] WithNonFinite(float[][] values)
    {
        float[] wrong = [float.NaN, float.PositiveInfinity, float.NegativeInfinity];
        Random random = new(6);
        foreach (float[] head in values)
        {
            foreach (ref float value in head.AsSpan())
                value = random.Next(4) == 0 ? wrong[random.Next(wrong.Length)] : value;
        }

        return values;
    }

    private static float[][] EqualClasses()
    {
        float[][] values = [.. Heads.Select((_, head) => Filled(LengthOf(head, 3), -20f))];
        int plane = Input.Width / 8 * (Input.Height / 8);
        int cell = (2 * (Input.Width / 8)) + 3;
        for (int channel = 0; channel < 4; channel++)
            values[0][(channel * plane) + cell] = 0f;
        values[0][(4 * plane) + cell] = 5f;
        values[0][(6 * plane) + cell] = values[0][(7 * plane) + cell] = 1f;
        return values;
    }

    private static float[][] SameObjectness(float objectness) =>
    [
        .. Heads.Select((head, index) =>
        {
            float[] values = new float[LengthOf(index, 2)];
            int plane = Input.Width / head.Stride * (Input.Height / head.Stride);
            for (int anchor = 0; anchor < head.Anchors.Count; anchor++)
                values.AsSpan(((anchor * 7) + 4) * plane, plane).Fill(objectness);
            return values;
        }),
    ];

    private static float[] Filled(int length, float value)
    {
        float[] values = new float[length];
        Array.Fill(values, value);
        return values;
    }
}

using YMaskNet.Inference.Frames;
using YMaskNet.Inference.Gpu.Kernels;
using YMaskNet.Inference.Segmentation;
using YMaskNet.Perf.Gpu.Machines;

namespace YMaskNet.Perf.Gpu.Verification.Cases;

/// <summary>The class of every pixel: exactly as <see cref="SemanticClassMap"/> gives it.</summary>
internal static class ClassMapCases
{
    private const string Kernel = "class_map";
    private const int Network = 64;
    private const int ClassCount = 4;
    private const int Background = 1;
    private const float BackgroundOffset = 0.25f;

    public static IEnumerable<KernelCase> All()
    {
        Random random = new(61);
        foreach ((int width, int height) in new[] { (64, 64), (200, 90), (13, 40), (1, 1) })
        {
            float[] logits = random.Floats(2 * ClassCount * Network * Network, -1f, 1f);
            for (int index = 0; index < logits.Length; index += 7)
                logits[index] = float.NaN;

            // No class of this pixel is above minus infinity.
            for (int classId = 0; classId < ClassCount; classId++)
                logits[((ClassCount + classId) * Network * Network) + (30 * Network) + 30] = classId == 3 ? float.NegativeInfinity : float.NaN;
            yield return Create(FormattableString.Invariant($"an image of {width} x {height}"), width, height, logits);
        }
    }

    private static KernelCase Create(string name, int width, int height, float[] logits) => new(
        Kernel,
        name,
        (arrays, outputs) =>
        {
            // The first slot has no class map: its task is another.
            KernelArray<byte> map = arrays.Empty<byte>(width * height);
            KernelSlot[] slots =
                [CaseSlots.Fitted(KernelTask.Detect, 10, 10, Network, Network), CaseSlots.Fitted(KernelTask.Classify, width, height, Network, Network)];
            slots[1].ClassMap = map.Address;
            arrays.Find(Kernel, 64, 4).With(arrays.Of<KernelSlot>(slots).Address).With(ClassCount).With(Network).With(Network).With(Background)
                .With(BackgroundOffset).With(arrays.Of<float>(logits).Address).Run(2, 3, 2);
            outputs.Add("map", map.Read());
        },
        outputs =>
        {
            Letterbox letterbox = Letterbox.Fit(width, height, Network, Network);
            byte[] content = new byte[letterbox.ContentWidth * letterbox.ContentHeight];
            SemanticClassMap.ArgMax(
                logits.AsSpan(ClassCount * Network * Network),
                ClassCount,
                Network,
                letterbox.Left,
                letterbox.Top,
                letterbox.ContentWidth,
                letterbox.ContentHeight,
                Background,
                BackgroundOffset,
                content);
            byte[] expected = new byte[width * height];
            SemanticClassMap.Resample(content, letterbox.ContentWidth, letterbox.ContentHeight, expected, width, height);
            return Differences.Of<byte>("pixel", expected, outputs.Get<byte>("map"));
        });
}

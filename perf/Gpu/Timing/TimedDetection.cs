using YMaskNet.Inference.Detection;
using YMaskNet.Inference.Gpu.Kernels;
using YMaskNet.Inference.Models;
using YMaskNet.Perf.Gpu.Machines;
using YMaskNet.Perf.Gpu.Verification;

namespace YMaskNet.Perf.Gpu.Timing;

/// <summary>
/// A batch of a detector, from heads to the list of regions, with the shapes of a model: one anchor in a few dozen is a candidate,
/// as on boards, and suppression leaves some dozen regions an image.
/// </summary>
internal sealed class TimedDetection
{
    private const int DecodeThreads = 256;
    private const int AnchorsForOneCandidate = 32;
    private const int RegionsOfImage = 32;
    private const float NoCandidate = -12f;

    private readonly ModelManifest _manifest;
    private readonly DetectionDescription _detection;
    private readonly int _batch;
    private readonly int _anchors;
    private readonly KernelArray<ulong> _keys;
    private readonly KernelArray<ulong> _unsorted;
    private readonly KernelArray<int> _counts;
    private readonly KernelArray<KernelSlot> _slots;
    private readonly KernelArray<CornerBox> _boxes;
    private readonly KernelArray<int> _classes;
    private readonly int _keyCapacity;

    public TimedDetection(KernelArrays arrays, ModelManifest manifest, DetectionDescription detection, int batch)
    {
        _manifest = manifest;
        _detection = detection;
        _batch = batch;
        _anchors = detection.Heads.Sum(head => ModelParameters.AnchorsOf(head, manifest.Input));
        _keyCapacity = ModelParameters.KeyCapacity(_anchors);
        InputDescription input = manifest.Input;
        KernelSlot slot = CaseSlots.Fitted(KernelTask.DetectAndSegment, input.Width, input.Height, input.Width, input.Height)
            .WithLimits(detection.CandidateMinScore, detection.NmsIouThreshold, Math.Min(RegionsOfImage, detection.MaxRois));
        _slots = arrays.Of<KernelSlot>([.. Enumerable.Repeat(slot, batch)]);
        _keys = arrays.Empty<ulong>(batch * _keyCapacity);
        _unsorted = arrays.Empty<ulong>(batch * _keyCapacity);
        _counts = arrays.Of<int>(new int[batch]);
        _boxes = arrays.Empty<CornerBox>(batch * _anchors);
        _classes = arrays.Empty<int>(batch * _anchors);
        Regions = arrays.Empty<KernelRegion>(batch * detection.MaxRois);
        RegionCounts = arrays.Empty<int>(batch);
        List = arrays.Empty<int>(batch * detection.MaxRois);
        Total = arrays.Empty<int>(1);
        Kernels = [Decode(arrays), Sort(arrays), Suppress(arrays), ListRegions(arrays)];
    }

    /// <summary>In the order in which they have to run first.</summary>
    public IReadOnlyList<TimedKernel> Kernels { get; }

    public KernelArray<KernelSlot> Slots => _slots;

    public KernelArray<KernelRegion> Regions { get; }

    public KernelArray<int> RegionCounts { get; }

    public KernelArray<int> List { get; }

    public KernelArray<int> Total { get; }

    private TimedKernel Decode(KernelArrays arrays)
    {
        Random random = new(1);
        Dictionary<string, nint> heads = _detection.Heads.ToDictionary(head => head.Tensor, head => arrays.Of<float>(Values(head, random)).Address);
        int most = _detection.Heads.Max(head => ModelParameters.AnchorsOf(head, _manifest.Input));
        IKernelCall call = arrays.Find("decode_anchors", DecodeThreads).With(_slots.Address)
            .With(ModelParameters.Of(_manifest, _detection, tensor => heads[tensor])).With(_keyCapacity)
            .With(_keys.Address).With(_boxes.Address).With(_classes.Address).With(_counts.Address);

        // The objectness of all anchors; of candidates the other values as well, and what is written of them.
        long candidateBytes = (sizeof(float) * (4 + _manifest.Classes.Count)) + sizeof(ulong) + (4 * sizeof(float)) + sizeof(int);
        return new TimedKernel(
            "decode_anchors",
            () => ((long)_batch * _anchors * sizeof(float)) + (Candidates() * candidateBytes),
            () => _counts.Write(new int[_batch]),
            () => call.Run((most + DecodeThreads - 1) / DecodeThreads, _batch, _detection.Heads.Count));
    }

    private TimedKernel Sort(KernelArrays arrays)
    {
        IKernelCall call = arrays.Find("sort_candidates", 1024).With(_counts.Address).With(_keyCapacity).With(_keys.Address);
        bool isKept = false;
        return new TimedKernel(
            "sort_candidates",
            () => Candidates() * 2 * sizeof(ulong),
            () =>
            {
                // As decoding left them, each time.
                if (!isKept)
                    _unsorted.Write(_keys.Read());
                isKept = true;
                _keys.Write(_unsorted.Read());
            },
            () => call.Run(_batch));
    }

    private TimedKernel Suppress(KernelArrays arrays)
    {
        IKernelCall call = arrays.Find("suppress", 256, sharedBytes: 24 * (uint)_detection.MaxRois)
            .With(_slots.Address).With(_counts.Address).With(_keys.Address).With(_keyCapacity).With(_boxes.Address).With(_classes.Address)
            .With(_anchors).With(_detection.MaxCandidates).With(_detection.MaxRois).With(Regions.Address).With(RegionCounts.Address);
        return new TimedKernel(
            "suppress",
            () => (Candidates() * (sizeof(ulong) + (4 * sizeof(float)) + sizeof(int))) + (RegionCounts.Read().Sum(count => (long)count) * 48),
            Nothing,
            () => call.Run(_batch));
    }

    private TimedKernel ListRegions(KernelArrays arrays)
    {
        KernelArray<int> firsts = arrays.Empty<int>(_batch);
        IKernelCall call = arrays.Find("list_regions", 256)
            .With(_slots.Address).With(RegionCounts.Address).With(_detection.MaxRois).With(List.Address).With(firsts.Address).With(Total.Address);
        return new TimedKernel("list_regions", () => sizeof(int) * (Total.Read()[0] + (2L * _batch)), Nothing, () => call.Run(_batch));
    }

    private long Candidates() => _counts.Read().Sum(count => (long)count);

    private float[] Values(AnchorHead head, Random random)
    {
        int classes = _manifest.Classes.Count;
        int plane = ModelParameters.AnchorsOf(head, _manifest.Input) / head.Anchors.Count;
        float[] values = random.Floats(_batch * head.Anchors.Count * (5 + classes) * plane, -2f, 2f);
        for (int anchor = 0; anchor < _batch * head.Anchors.Count; anchor++)
        {
            foreach (ref float objectness in values.AsSpan(((anchor * (5 + classes)) + 4) * plane, plane))
                objectness = random.Next(AnchorsForOneCandidate) == 0 ? objectness : NoCandidate;
        }

        return values;
    }

    private static void Nothing()
    {
    }
}

using System.Diagnostics;
using YMaskNet.Inference.Detection;
using YMaskNet.Inference.Gpu.Kernels;
using YMaskNet.Perf.Gpu.Machines;
using YMaskNet.Perf.Gpu.Timing;
using YMaskNet.Perf.Gpu.Verification;
using YMaskNet.Perf.Operators;
using YMaskNet.Perf.Operators.Torchvision;

namespace YMaskNet.Perf.Gpu.Torchvision;

/// <summary>
/// RoIAlign and suppression against torchvision's on the same GPU and data: results first, then times by turns. Both count from
/// the first launch to the last result, the host's part included; torchvision's suppression sorts, so that ours has to sort too.
/// </summary>
internal sealed class TorchvisionTimings : IDisposable
{
    private const int Candidates = 1500;
    private const int MaxRois = 1000;
    private const float IouThreshold = 0.5f;
    private const float Tolerance = 1e-5f;
    private const int BlocksOfRegion = 4;

    private readonly DeviceMachine _machine;
    private readonly KernelArrays _arrays;
    private readonly Candidate[] _candidates = Scene.Candidates(Candidates, seed: 3);
    private readonly CornerBox[] _regions = Scene.Boxes(Scene.RegionCount, seed: 2);
    private readonly float[] _features = Scene.Values(Scene.FeatureChannels * Scene.FeatureSide * Scene.FeatureSide, seed: 1);
    private readonly KernelArray<float> _aligned;
    private readonly KernelArray<KernelRegion> _kept;
    private readonly KernelArray<int> _keptCount;
    private readonly IKernelCall _align;
    private readonly IKernelCall _sort;
    private readonly IKernelCall _suppress;

    public TorchvisionTimings(DeviceMachine machine)
    {
        _machine = machine;
        _arrays = new KernelArrays(machine);
        int bins = Scene.FeatureInput.OutputSize;
        _aligned = _arrays.Empty<float>(_regions.Length * Scene.FeatureChannels * bins * bins);
        _kept = _arrays.Empty<KernelRegion>(MaxRois);
        _keptCount = _arrays.Empty<int>(1);
        _align = Align(bins);

        // In the order of a detector: the scores decide, not the places.
        ulong[] keys = new ulong[ModelParameters.KeyCapacity(Candidates)];
        for (int index = 0; index < Candidates; index++)
            keys[index] = ((ulong)~BitConverter.SingleToUInt32Bits(_candidates[index].Score) << 32) | (uint)_candidates[index].AnchorIndex;
        new Random(7).Shuffle(keys.AsSpan(0, Candidates));
        KernelArray<ulong> deviceKeys = _arrays.Of<ulong>(keys);
        KernelArray<int> count = _arrays.Of<int>(Candidates);
        _sort = _arrays.Find("sort_candidates", 1024).With(count.Address).With(keys.Length).With(deviceKeys.Address);
        _suppress = Suppress(deviceKeys, count, keys.Length);
    }

    /// <summary>Compares, then times.</summary>
    /// <param name="python">An interpreter that has PyTorch with CUDA, and torchvision.</param>
    /// <param name="device">PyTorch's name of the device: <c>cuda:0</c>.</param>
    /// <param name="rounds">Of which the medians count.</param>
    /// <param name="iterations">Runs in a round.</param>
    /// <exception cref="InvalidOperationException">torchvision does not run; its own messages say why.</exception>
    public TorchvisionVerdict Run(string python, string device, int rounds, int iterations)
    {
        string folder = Directory.CreateTempSubdirectory("ymasknet-gpu-check-").FullName;
        try
        {
            TorchvisionFiles.Write(folder, _features, _regions, _candidates);
            using TorchvisionProcess torchvision = new(python, folder, device);
            RunAlign();
            RunSuppress();
            string[] failures = [.. Failures(folder)];
            return new TorchvisionVerdict(
                torchvision.Version,
                failures.Length > 0 ? [] :
                [
                    Time($"RoIAlign, {_regions.Length} regions", "roi_align", torchvision, RunAlign, rounds, iterations),
                    Time($"NMS, {Candidates} candidates", "nms", torchvision, RunSuppress, rounds, iterations),
                ],
                failures);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    public void Dispose() => _arrays.Dispose();

    /// <summary>What differs from the results in a folder.</summary>
    private IEnumerable<string> Failures(string folder)
    {
        if (Differences.OfFloats(TorchvisionFiles.ReadAligned(folder), _aligned.Read(), Tolerance) is { } aligned)
            yield return $"RoIAlign does not give what torchvision's gives: {aligned}";
        long[] kept = [.. _kept.Read().Take(_keptCount.Read()[0]).Select(region => (long)region.AnchorIndex)];
        if (Differences.Of<long>("kept candidate", TorchvisionFiles.ReadKept(folder), kept) is { } differing)
            yield return $"suppression does not keep what torchvision's keeps: {differing}";
    }

    private void RunAlign() => _align.Run(BlocksOfRegion, Math.Min(_regions.Length, 4 * _machine.Multiprocessors));

    private void RunSuppress()
    {
        _sort.Run(1);
        _suppress.Run(1);
    }

    private IKernelCall Align(int bins)
    {
        KernelRegionInput input = new()
        {
            LevelCount = 1,
            Channels = Scene.FeatureChannels,
            OutputSize = bins,
            SamplingRatio = Scene.FeatureInput.SamplingRatio,
            Unshuffle = 1,
            TotalChannels = Scene.FeatureChannels,
        };
        input.Levels[0] = new KernelRegionLevel(
            _arrays.Of<float>(_features).Address, Scene.FeatureSide, Scene.FeatureSide, Scene.FeatureInput.SpatialScale, 0);
        return _arrays.Find("roi_align_f32_f32", 256, sharedBytes: 32 * (uint)(bins * input.SamplingRatio))
            .With(_arrays.Of<KernelRegion>([.. _regions.Select((box, index) => new KernelRegion(box, box, 1f, 0, index, 0))]).Address)
            .With(_arrays.Of<int>([.. Enumerable.Range(0, _regions.Length)]).Address).With(_arrays.Of<int>(_regions.Length).Address)
            .With(new KernelRegionChunk(0, _regions.Length)).With(input).With(_aligned.Address);
    }

    private IKernelCall Suppress(KernelArray<ulong> keys, KernelArray<int> count, int capacity)
    {
        KernelSlot slot = CaseSlots.Fitted(KernelTask.Detect, Scene.Side, Scene.Side, Scene.Side, Scene.Side).WithLimits(0.001f, IouThreshold, MaxRois);
        return _arrays.Find("suppress", 256, sharedBytes: 24 * MaxRois)
            .With(_arrays.Of<KernelSlot>(slot).Address).With(count.Address).With(keys.Address).With(capacity)
            .With(_arrays.Of<CornerBox>([.. _candidates.Select(candidate => candidate.Box)]).Address)
            .With(_arrays.Of<int>([.. _candidates.Select(candidate => candidate.ClassId)]).Address)
            .With(Candidates).With(Candidates).With(MaxRois).With(_kept.Address).With(_keptCount.Address);
    }

    private TorchvisionTime Time(string title, string operation, TorchvisionProcess torchvision, Action ours, int rounds, int iterations)
    {
        double[] theirTimes = new double[rounds];
        double[] ourTimes = new double[rounds];
        OurTime(ours, iterations);
        torchvision.Time(operation, iterations);
        for (int round = 0; round < rounds; round++)
        {
            theirTimes[round] = 1e6 * torchvision.Time(operation, iterations);
            ourTimes[round] = OurTime(ours, iterations);
        }

        return new TorchvisionTime(title, Medians.Of(theirTimes), Medians.Of(ourTimes));
    }

    private double OurTime(Action ours, int iterations)
    {
        long start = Stopwatch.GetTimestamp();
        for (int iteration = 0; iteration < iterations; iteration++)
            ours();
        _machine.Stream.Synchronize();
        return Stopwatch.GetElapsedTime(start).TotalMicroseconds / iterations;
    }
}

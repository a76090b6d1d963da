using YMaskNet.Inference.Results;
using YMaskNet.Perf.Gpu.Timing;

namespace YMaskNet.Perf.Gpu.WholePath;

/// <summary>What a batch takes, stage by stage: medians of events on the device. Unit: milliseconds.</summary>
/// <param name="Letterbox">Frames to the first network's input.</param>
/// <param name="Stage1">The first network.</param>
/// <param name="Detection">Heads to regions.</param>
/// <param name="RoiAlign">The second network's input.</param>
/// <param name="Stage2">The second network.</param>
/// <param name="Segmentation">Boxes and masks, or class maps.</param>
/// <param name="CopiesToDevice">The frames and what goes with them, by themselves.</param>
/// <param name="CopiesToHost">The results, by themselves.</param>
internal sealed record StageShares(
    double Letterbox,
    double Stage1,
    double Detection,
    double RoiAlign,
    double Stage2,
    double Segmentation,
    double CopiesToDevice,
    double CopiesToHost)
{
    // Above this part of the time the device counts as busy.
    private const double Busy = 0.8;

    /// <summary>Both networks.</summary>
    public double Networks => Stage1 + Stage2;

    /// <summary>The kernels around them.</summary>
    public double Kernels => Letterbox + Detection + RoiAlign + Segmentation;

    /// <summary>Kernels and copies beside the networks.</summary>
    public double BridgeShare => Networks > 0 ? (Kernels + CopiesToDevice + CopiesToHost) / Networks : 0;

    /// <summary>Medians of many batches.</summary>
    /// <param name="times">At least one.</param>
    /// <param name="toDevice">Unit: milliseconds.</param>
    /// <param name="toHost">Unit: milliseconds.</param>
    public static StageShares Of(IReadOnlyCollection<StageTimes> times, double toDevice, double toHost)
    {
        double Median(Func<StageTimes, TimeSpan> stage) => Medians.Of([.. times.Select(entry => stage(entry).TotalMilliseconds)]);
        return new StageShares(
            Median(entry => entry.Preprocess),
            Median(entry => entry.Stage1),
            Median(entry => entry.Detection),
            Median(entry => entry.RoiAlign),
            Median(entry => entry.Stage2),
            Median(entry => entry.Segmentation),
            toDevice,
            toHost);
    }

    /// <summary>What keeps a batch from being faster.</summary>
    /// <param name="batchMilliseconds">From one finished batch to the next.</param>
    public string LimitingStage(double batchMilliseconds)
    {
        (string Name, double Time)[] stages =
        [
            ("letterbox", Letterbox), ("the first network", Stage1), ("detection", Detection), ("RoIAlign", RoiAlign),
            ("the second network", Stage2), ("segmentation", Segmentation),
        ];
        double compute = Networks + Kernels;
        (string name, double time) = stages.MaxBy(stage => stage.Time);
        if (compute >= Busy * batchMilliseconds)
            return FormattableString.Invariant($"{name}: {100 * time / batchMilliseconds:F0} % of the time");
        if (CopiesToDevice >= Busy * batchMilliseconds)
            return FormattableString.Invariant($"copies to the device: {100 * CopiesToDevice / batchMilliseconds:F0} % of the time");
        return FormattableString.Invariant($"the host: the device computes {100 * compute / batchMilliseconds:F0} % of the time");
    }
}

using YMaskNet.Inference.Frames;

namespace YMaskNet.Inference;

/// <summary>How an <see cref="InspectionEngine"/> runs. Checked when it starts.</summary>
public sealed record EngineOptions
{
    /// <summary>Folder of the model packages: <c>name/version/model.json</c> and so on.</summary>
    public required string ModelsDirectory { get; init; }

    /// <summary>
    /// The model of requests that name none: <c>name</c> (its highest version) or <c>name/version</c>;
    /// <see langword="null"/>: the first by name that detects and segments, else the first.
    /// </summary>
    public string? DefaultModel { get; init; }

    /// <summary>Inspections that run at once for each model. Range: 1 to 64. Default: 1.</summary>
    public int Lanes { get; init; } = 1;

    /// <summary>Threads inside one operator of a network. Range: 0 to 256. Default: 0, the cores divided by the lanes.</summary>
    public int IntraOpThreads { get; init; }

    /// <summary>Inspections that wait for a lane, for each model, before more are refused. Range: 1 to 65,536. Default: 64.</summary>
    public int QueueCapacity { get; init; } = 64;

    /// <summary>The largest images that are taken.</summary>
    public FrameLimits FrameLimits { get; init; } = new();

    /// <summary>Threads inside one operator, 0 resolved.</summary>
    internal int ResolvedIntraOpThreads => IntraOpThreads > 0 ? IntraOpThreads : Math.Max(1, Environment.ProcessorCount / Lanes);

    /// <exception cref="ArgumentException">A value is out of range; the message names it and the range.</exception>
    internal void Validate()
    {
        if (string.IsNullOrWhiteSpace(ModelsDirectory))
            throw new ArgumentException("ModelsDirectory is empty; it must be the folder of the model packages.");
        InRange(nameof(Lanes), Lanes, 1, 64);
        InRange(nameof(IntraOpThreads), IntraOpThreads, 0, 256);
        InRange(nameof(QueueCapacity), QueueCapacity, 1, 65_536);
        InRange("FrameLimits.MaxSide", FrameLimits.MaxSide, 1, int.MaxValue);
        InRange("FrameLimits.MaxPixels", FrameLimits.MaxPixels, 1, Array.MaxLength);
    }

    private static void InRange(string key, long value, long min, long max)
    {
        if (value < min || value > max)
            throw new ArgumentException(FormattableString.Invariant($"{key} is {value}; it must be in [{min}, {max}]."));
    }
}

using YMaskNet.Inference.Batching;
using YMaskNet.Inference.Frames;

namespace YMaskNet.Inference;

/// <summary>How an <see cref="InspectionEngine"/> runs. Checked when it starts.</summary>
public sealed record EngineOptions
{
    // Each has sessions and buffers of its own.
    private const int MostChosenLanes = 8;

    private static readonly TimeSpan MaxDelay = TimeSpan.FromSeconds(1);

    /// <summary>Folder of the model packages: <c>name/version/model.json</c> and so on.</summary>
    public required string ModelsDirectory { get; init; }

    /// <summary>
    /// The model of requests that name none: <c>name</c> (its highest version) or <c>name/version</c>;
    /// <see langword="null"/>: the first by name that detects and segments, else the first.
    /// </summary>
    public string? DefaultModel { get; init; }

    /// <summary>What the models run on. Default: <see cref="DeviceChoice.Auto"/>.</summary>
    public DeviceChoice Device { get; init; } = DeviceChoice.Auto;

    /// <summary>
    /// Inspections that run at once for each model. Range: 0 to 64. Default: 0; on the CPU one for each core and at most 8, which
    /// gives the most inspections a second, while one lane of all cores has the shortest single inspection; on a GPU one.
    /// </summary>
    public int Lanes { get; init; }

    /// <summary>On the CPU, threads inside one operator of a network. Range: 0 to 256. Default: 0, the cores divided by the lanes.</summary>
    public int IntraOpThreads { get; init; }

    /// <summary>
    /// On a GPU, whether networks run as CUDA graphs: recorded once for each size at the start, then launched as one, which saves
    /// the host the launch of each kernel. The lanes of all models are then made one after the other. Default:
    /// <see langword="false"/>.
    /// </summary>
    public bool CudaGraphs { get; init; }

    /// <summary>
    /// Most inspections that a lane runs together, by model. Range: 1 to 64. Default: 1, since on a CPU together takes as long
    /// as one after the other. A lane's memory grows with it.
    /// </summary>
    public PerModel<int> MaxBatch { get; init; } = new(1);

    /// <summary>
    /// How long the first of a batch may wait for others, by model. Range: 0 to 1 second. Default: 0, only what waits anyway
    /// runs together.
    /// </summary>
    public PerModel<TimeSpan> MaxBatchDelay { get; init; } = new(TimeSpan.Zero);

    /// <summary>What the models' networks compute in, by model. Default: <see cref="PrecisionChoice.Auto"/>.</summary>
    public PerModel<PrecisionChoice> Precision { get; init; } = new(PrecisionChoice.Auto);

    /// <summary>Inspections that wait for a lane, for each model, before more are refused. Range: 1 to 65,536. Default: 64.</summary>
    public int QueueCapacity { get; init; } = 64;

    /// <summary>The largest images that are taken.</summary>
    public FrameLimits FrameLimits { get; init; } = new();

    /// <summary>Where images in shared memory lie. Default: <see langword="null"/>, such images are refused.</summary>
    public ISharedMemory? SharedMemory { get; init; }

    /// <summary>Threads inside one operator, 0 resolved.</summary>
    internal int ResolvedIntraOpThreads => IntraOpThreads > 0 ? IntraOpThreads : Math.Max(1, Environment.ProcessorCount / ResolvedLanes);

    /// <summary>Lanes on a GPU, 0 resolved: more than one share its multiprocessors and each hold the networks.</summary>
    internal int ResolvedGpuLanes => Lanes > 0 ? Lanes : 1;

    /// <summary>Lanes on the CPU, 0 resolved.</summary>
    internal int ResolvedLanes => Lanes > 0 ? Lanes : Math.Min(Environment.ProcessorCount, MostChosenLanes);

    /// <summary>How a model's inspections are put together.</summary>
    internal BatchLimits BatchOf(string model) => new(MaxBatch.Of(model), MaxBatchDelay.Of(model));

    /// <exception cref="ArgumentException">A value is for a model that is not there.</exception>
    internal void CheckModelNames(IReadOnlyCollection<string> models)
    {
        foreach ((string key, string model) in Precision.Names.Select(name => (nameof(Precision), name))
            .Concat(MaxBatch.Names.Select(name => (nameof(MaxBatch), name)))
            .Concat(MaxBatchDelay.Names.Select(name => (nameof(MaxBatchDelay), name))))
        {
            if (!models.Contains(model))
                throw new ArgumentException($"{key} has a value for the model '{model}'; there are {string.Join(", ", models.Distinct())}.");
        }
    }

    /// <exception cref="ArgumentException">A value is out of range; the message names it and the range.</exception>
    internal void Validate()
    {
        if (string.IsNullOrWhiteSpace(ModelsDirectory))
            throw new ArgumentException("ModelsDirectory is empty; it must be the folder of the model packages.");
        InRange(nameof(Lanes), Lanes, 0, 64);
        InRange(nameof(IntraOpThreads), IntraOpThreads, 0, 256);
        foreach (PrecisionChoice precision in Precision.Values)
        {
            if (!Enum.IsDefined(precision))
                throw new ArgumentException(FormattableString.Invariant($"Precision is {precision}; it must be Auto, Fp32 or Int8."));
        }

        InRange(nameof(QueueCapacity), QueueCapacity, 1, 65_536);
        foreach (int size in MaxBatch.Values)
            InRange(nameof(MaxBatch), size, 1, 64);
        foreach (TimeSpan delay in MaxBatchDelay.Values)
        {
            if (delay < TimeSpan.Zero || delay > MaxDelay)
                throw new ArgumentException($"{nameof(MaxBatchDelay)} is {delay}; it must be in [0, {MaxDelay}].");
        }

        InRange("FrameLimits.MaxSide", FrameLimits.MaxSide, 1, int.MaxValue);
        InRange("FrameLimits.MaxPixels", FrameLimits.MaxPixels, 1, Array.MaxLength);
    }

    private static void InRange(string key, long value, long min, long max)
    {
        if (value < min || value > max)
            throw new ArgumentException(FormattableString.Invariant($"{key} is {value}; it must be in [{min}, {max}]."));
    }
}

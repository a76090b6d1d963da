using Microsoft.Extensions.Logging.Abstractions;
using YMaskNet.Inference;
using YMaskNet.Inference.Frames;
using YMaskNet.Inference.Gpu;
using YMaskNet.Inference.Models;

namespace YMaskNet.Perf.Gpu.WholePath;

/// <summary>What the whole path is checked with.</summary>
/// <param name="ModelsDirectory">The model packages.</param>
/// <param name="Images">The images, by name.</param>
/// <param name="Device">The GPU.</param>
/// <param name="Gpus">Where it is found, and where networks run on it.</param>
internal sealed record PathSetup(
    string ModelsDirectory, IReadOnlyList<(string Name, EncodedImage Image)> Images, DeviceChoice Device, GpuSupport Gpus)
{
    // More than any batch takes to gather.
    private static readonly TimeSpan GatherDelay = TimeSpan.FromSeconds(1);

    /// <summary>Networks in floating point on the CPU, to compare with.</summary>
    public Task<InspectionEngine> StartOnCpuAsync(CancellationToken cancellationToken) =>
        StartAsync(DeviceChoice.Cpu, Gpus, maxBatch: 1, gathersBatches: false, cancellationToken);

    /// <summary>The GPU, which also inspects the models' golden images.</summary>
    /// <param name="maxBatch">Most images of a batch.</param>
    /// <param name="gathersBatches">Whether a batch waits until it is full.</param>
    /// <param name="cancellationToken">Ends the start.</param>
    /// <exception cref="DeviceUnavailableException">It can't be used.</exception>
    /// <exception cref="ModelPackageException">A golden image gives something else.</exception>
    public Task<InspectionEngine> StartOnGpuAsync(int maxBatch, bool gathersBatches, CancellationToken cancellationToken) =>
        StartAsync(Device, Gpus, maxBatch, gathersBatches, cancellationToken);

    /// <summary>The most that a model does.</summary>
    public static InspectionTask MainTask(ModelManifest manifest) => manifest.Semantic is not null ? InspectionTask.Segment
        : manifest.Tasks.Contains(InspectionTask.DetectAndSegment) ? InspectionTask.DetectAndSegment
        : InspectionTask.Detect;

    private Task<InspectionEngine> StartAsync(
        DeviceChoice device, GpuSupport gpus, int maxBatch, bool gathersBatches, CancellationToken cancellationToken)
    {
        EngineOptions options = new()
        {
            ModelsDirectory = ModelsDirectory,
            Device = device,
            Precision = new PerModel<PrecisionChoice>(PrecisionChoice.Fp32),
            MaxBatch = new PerModel<int>(maxBatch),
            MaxBatchDelay = new PerModel<TimeSpan>(gathersBatches ? GatherDelay : TimeSpan.Zero),
        };
        return InspectionEngine.StartAsync(options, gpus, NullLoggerFactory.Instance, cancellationToken);
    }
}

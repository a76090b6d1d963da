using System.Globalization;
using ManagedCuda;
using Microsoft.Extensions.Logging;
using YMaskNet.Inference.Batching;
using YMaskNet.Inference.Gpu.Memory;
using YMaskNet.Inference.Gpu.Networks;
using YMaskNet.Inference.Models;
using YMaskNet.Inference.Placement;

namespace YMaskNet.Inference.Gpu;

/// <summary>
/// A lane on a GPU, with two batches in hand: one's frames go up and the other's results come down while the device computes.
/// Memory is allocated when it is made, but for larger images and more masks than there have been.
/// </summary>
internal sealed class GpuLane : ILane
{
    private const int BatchesInHand = 2;

    // How often a size is run at the start: once as it is, and where there are CUDA graphs once to be recorded.
    private const int WarmUpRuns = 2;

    // While one lane's kernels are recorded, no other may allocate.
    private static readonly Lock Making = new();

    private readonly OwnedResources _owned = new();
    private readonly GpuLaneSettings _settings;
    private readonly LaneResources _resources;

    /// <param name="package">The model.</param>
    /// <param name="settings">How to run it.</param>
    /// <param name="logger">Where what is worth knowing goes.</param>
    /// <exception cref="CudaException">The driver refuses.</exception>
    /// <exception cref="InspectionException">The device has too little memory.</exception>
    /// <exception cref="ModelPackageException">
    /// The networks are not what the manifest says, or nodes of them run on the CPU without its leave.
    /// </exception>
    public GpuLane(ModelPackage package, GpuLaneSettings settings, ILogger logger)
    {
        _settings = settings;
        Device = $"cuda:{settings.Device.ToString(CultureInfo.InvariantCulture)}";
        using Lock.Scope making = Making.EnterScope();
        try
        {
            _resources = _owned.Add(new LaneResources(package, settings));
            Batches = [.. Enumerable.Range(0, BatchesInHand).Select(_ => _owned.Add(new GpuBatch(_resources, logger)))];
            WarmUp();
            Placement = new ModelPlacement(_resources.EndPlacement(), OperatorsAround.Of(package.Manifest, Device));
            CpuFallback.Check(package, Placement, settings.Networks);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public string ExecutionProvider => _settings.Networks.ExecutionProvider;

    public string Device { get; }

    public ModelPlacement Placement { get; }

    public int MaxBatch => _settings.MaxBatch;

    public IReadOnlyList<ILaneBatch> Batches { get; }

    public bool IsLost
    {
        get
        {
            try
            {
                _resources.Context.Synchronize();
                return false;
            }
            catch (CudaException)
            {
                return true;
            }
        }
    }

    public void Dispose() => _owned.Dispose();

    /// <summary>Runs the networks on every size: ONNX Runtime chooses its kernels, allocates and records then.</summary>
    private void WarmUp()
    {
        for (int run = 0; run < WarmUpRuns; run++)
        {
            for (int size = 0; size < BatchSizes.UpTo(MaxBatch).Length; size++)
                _resources.Stage1.Enqueue(size);
            foreach (int size in _resources.Stage2?.ChunkSizes ?? [])
                _resources.Stage2!.Enqueue(size);
            _resources.Streams.Synchronize();
        }
    }
}

using ManagedCuda;
using ManagedCuda.BasicTypes;
using YMaskNet.Inference.Gpu.Kernels;
using YMaskNet.Inference.Gpu.Memory;
using YMaskNet.Inference.Gpu.Networks;
using YMaskNet.Inference.Models;
using YMaskNet.Inference.Placement;

namespace YMaskNet.Inference.Gpu;

/// <summary>
/// What a GPU lane's batches share: the device's context, streams, kernels, networks, and memory that only the compute stream
/// uses, whose order keeps one batch's values from the next's.
/// </summary>
internal sealed class LaneResources : IDisposable
{
    private readonly OwnedResources _owned = new();

    /// <param name="package">The model.</param>
    /// <param name="settings">How to run it.</param>
    /// <exception cref="CudaException">The driver refuses.</exception>
    /// <exception cref="InspectionException">The device has too little memory.</exception>
    /// <exception cref="ModelPackageException">The networks are not what the manifest says.</exception>
    public LaneResources(ModelPackage package, GpuLaneSettings settings)
    {
        Manifest = package.Manifest;
        Settings = settings;
        try
        {
            // ONNX Runtime's CUDA provider works in the same one.
            Context = _owned.Add(new PrimaryContext(settings.Device));
            Context.SetCurrent();
            Multiprocessors = Context.GetDeviceInfo().MultiProcessorCount;
            Streams = _owned.Add(new GpuStreams());
            Module = _owned.Add(new KernelModule(Context));
            CUstream compute = Streams.Compute.Stream;
            Stage1 = _owned.Add(new GpuStage1(package, settings.Networks, settings.Device, compute, settings.MaxBatch));
            if (Manifest.Detection is { } detection)
                Candidates = _owned.Add(new CandidateMemory(Manifest, detection, settings.MaxBatch));
            if (Manifest is { Regions: { } regions, Refinement: { } refinement })
            {
                Stage2 = _owned.Add(new GpuStage2(
                    package, regions, refinement, settings.Networks, settings.Device, compute, MaxRegions));
            }
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public ModelManifest Manifest { get; }

    public GpuLaneSettings Settings { get; }

    public PrimaryContext Context { get; }

    /// <summary>Of the device; what kernels whose grid is free are launched on.</summary>
    public int Multiprocessors { get; }

    public GpuStreams Streams { get; }

    public KernelModule Module { get; }

    public GpuStage1 Stage1 { get; }

    /// <summary><see langword="null"/> for a semantic model.</summary>
    public CandidateMemory? Candidates { get; }

    /// <summary><see langword="null"/> where there is none.</summary>
    public GpuStage2? Stage2 { get; }

    /// <summary>Most regions of a batch.</summary>
    public int MaxRegions => Settings.MaxBatch * (Manifest.Detection?.MaxRois ?? 0);

    /// <summary>Where the networks' nodes run; to be asked once, after they have run.</summary>
    public IReadOnlyList<NetworkPlacement> EndPlacement() =>
        Stage2 is null ? [Stage1.EndPlacement()] : [Stage1.EndPlacement(), Stage2.EndPlacement()];

    public void Dispose() => _owned.Dispose();
}

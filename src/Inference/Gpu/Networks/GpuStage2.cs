using ManagedCuda.BasicTypes;
using YMaskNet.Inference.Gpu.Memory;
using YMaskNet.Inference.Models;
using YMaskNet.Inference.Networks;
using YMaskNet.Inference.Placement;

namespace YMaskNet.Inference.Gpu.Networks;

/// <summary>
/// The second network: its input and outputs for every region that a batch may have, in device memory. It runs on chunks of the
/// regions there are, which bounds the memory of its inner tensors; a chunk is bound when it first occurs.
/// </summary>
internal sealed class GpuStage2 : IDisposable
{
    private const int LargestChunk = 64;
    private const int DeltaCount = 4;

    private readonly OwnedResources _owned = new();
    private readonly GpuNetwork _network;
    private readonly RegionsDescription _regions;
    private readonly RefinementDescription _refinement;
    private readonly int[] _chunkSizes;
    private readonly DeviceTensor _input;
    private readonly DeviceTensor _masks;
    private readonly DeviceTensor _classes;
    private readonly DeviceTensor _deltas;
    private readonly Dictionary<(int First, int Count), Action> _runs = [];

    /// <exception cref="ModelPackageException">The network is not what the manifest says.</exception>
    /// <exception cref="InspectionException">The device has too little memory.</exception>
    public GpuStage2(
        ModelPackage package,
        RegionsDescription regions,
        RefinementDescription refinement,
        INetworkProvider provider,
        int device,
        CUstream stream,
        int maxRegions)
    {
        _regions = regions;
        _refinement = refinement;
        int classCount = package.Manifest.Classes.Count;
        int size = refinement.MaskSize;
        _chunkSizes = BatchSizes.UpTo(Math.Min(LargestChunk, maxRegions));

        // The last chunk may reach beyond the regions there are.
        long capacity = (long)(maxRegions + _chunkSizes[^1] - 1) / _chunkSizes[^1] * _chunkSizes[^1];
        try
        {
            _network = _owned.Add(new GpuNetwork(package, ModelFileRole.Stage2, provider, device, stream));
            Network description = _network.Description;
            description.CheckInput(regions.Tensor, Network.AnyExtent, regions.ChannelCount, regions.Size, regions.Size);
            description.CheckOutput(refinement.MaskTensor, Network.AnyExtent, classCount, size, size);
            description.CheckOutput(refinement.ClassTensor, Network.AnyExtent, classCount + 1);
            description.CheckOutput(refinement.DeltaTensor, Network.AnyExtent, DeltaCount);
            _input = Tensor("the second network's input", capacity, regions.ChannelCount, regions.Size, regions.Size);
            _masks = Tensor("the mask logits", capacity, classCount, size, size);
            _classes = Tensor("the class logits", capacity, classCount + 1);
            _deltas = Tensor("the box deltas", capacity, DeltaCount);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary><c>[R, channels, size, size]</c>, for kernels.</summary>
    public nint Input => _input.Address;

    /// <summary><c>[R, classes, maskSize, maskSize]</c>, for kernels; overwritten by the next run.</summary>
    public nint Masks => _masks.Address;

    /// <summary><c>[R, classes + 1]</c>, for kernels; overwritten by the next run.</summary>
    public nint Classes => _classes.Address;

    /// <summary><c>[R, 4]</c>, for kernels; overwritten by the next run.</summary>
    public nint Deltas => _deltas.Address;

    /// <summary>The numbers of regions that it runs on.</summary>
    public IReadOnlyList<int> ChunkSizes => _chunkSizes;

    /// <summary>Where its nodes run; to be asked once, after it has run.</summary>
    public NetworkPlacement EndPlacement() => _network.Description.EndPlacement();

    /// <summary>Enqueues the network on the first regions of its input.</summary>
    public void Enqueue(int regionCount)
    {
        for (int first = 0; first < regionCount; first += _chunkSizes[^1])
        {
            int left = Math.Min(regionCount - first, _chunkSizes[^1]);
            _network.Enqueue(Run(first, _chunkSizes[BatchSizes.IndexFor(left, _chunkSizes)]));
        }
    }

    public void Dispose() => _owned.Dispose();

    private DeviceTensor Tensor(string purpose, params ReadOnlySpan<long> shape) =>
        _owned.Add(new DeviceTensor(_network.MemoryInfo, purpose, shape));

    private Action Run(int first, int count)
    {
        if (_runs.TryGetValue((first, count), out Action? known))
            return known;

        // The first chunks' sizes run at the start; later ones are many, and few of them ever occur.
        Action run = _network.Bind(
            isRecorded: first == 0,
            (_regions.Tensor, _input.View(first, count)),
            (_refinement.MaskTensor, _masks.View(first, count)),
            (_refinement.ClassTensor, _classes.View(first, count)),
            (_refinement.DeltaTensor, _deltas.View(first, count)));
        _runs.Add((first, count), run);
        return run;
    }
}

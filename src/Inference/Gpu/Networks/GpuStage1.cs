using ManagedCuda.BasicTypes;
using Microsoft.ML.OnnxRuntime;
using YMaskNet.Inference.Gpu.Memory;
using YMaskNet.Inference.Models;
using YMaskNet.Inference.Networks;
using YMaskNet.Inference.Placement;

namespace YMaskNet.Inference.Gpu.Networks;

/// <summary>
/// The first network: its input <c>[N, C, height, width]</c> and every output that the manifest names, in device memory. It runs
/// on <see cref="BatchSizes"/>, which are bound when it is made.
/// </summary>
internal sealed class GpuStage1 : IDisposable
{
    private readonly OwnedResources _owned = new();
    private readonly ModelPackage _package;
    private readonly GpuNetwork _network;
    private readonly int _maxBatch;
    private readonly DeviceTensor _input;
    private readonly Dictionary<string, DeviceTensor> _outputs = [];
    private readonly Action[] _runs;

    /// <exception cref="ModelPackageException">The network is not what the manifest says.</exception>
    /// <exception cref="InspectionException">The device has too little memory.</exception>
    public GpuStage1(ModelPackage package, INetworkProvider provider, int device, CUstream stream, int maxBatch)
    {
        _package = package;
        _maxBatch = maxBatch;
        try
        {
            ModelManifest manifest = package.Manifest;
            InputDescription input = manifest.Input;
            _network = _owned.Add(new GpuNetwork(package, ModelFileRole.Stage1, provider, device, stream));
            _network.Description.CheckInput(input.Tensor, Network.AnyExtent, input.ChannelCount, input.Height, input.Width);
            _input = _owned.Add(new DeviceTensor(
                _network.MemoryInfo, "the first network's input", maxBatch, input.ChannelCount, input.Height, input.Width));
            AddOutputs(manifest);
            _runs = [.. BatchSizes.UpTo(maxBatch).Select(Bind)];
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary><c>[N, C, height, width]</c>, for kernels.</summary>
    public nint Input => _input.Address;

    /// <summary>An output, for kernels; overwritten by the next run.</summary>
    public nint Output(string tensor) => _outputs[tensor].Address;

    /// <summary>Where its nodes run; to be asked once, after it has run.</summary>
    public NetworkPlacement EndPlacement() => _network.Description.EndPlacement();

    /// <summary>Enqueues the network on the first images of its input.</summary>
    /// <param name="size">An index into <see cref="BatchSizes.UpTo"/>.</param>
    public void Enqueue(int size) => _network.Enqueue(_runs[size]);

    public void Dispose() => _owned.Dispose();

    private void AddOutputs(ModelManifest manifest)
    {
        InputDescription input = manifest.Input;
        foreach (AnchorHead head in manifest.Detection?.Heads ?? [])
            AddOutput(head.Tensor, head.Anchors.Count * (5 + manifest.Classes.Count), input.Height / head.Stride, input.Width / head.Stride);
        foreach (RegionInput region in manifest.Regions?.Inputs ?? [])
        {
            if (region.Tensor is { } tensor)
                AddOutput(tensor, region.Channels, region.SourceExtent(input.Height), region.SourceExtent(input.Width));
        }

        if (manifest.Semantic is { } semantic)
            AddOutput(semantic.Tensor, manifest.Classes.Count, input.Height, input.Width);
    }

    private void AddOutput(string tensor, int channels, int height, int width)
    {
        _network.Description.CheckOutput(tensor, Network.AnyExtent, channels, height, width);
        DeviceTensor output = _owned.Add(new DeviceTensor(
            _network.MemoryInfo, $"the first network's output '{tensor}'", _maxBatch, channels, height, width));

        // Several region inputs may be cut from one feature map.
        if (!_outputs.TryAdd(tensor, output) && !output.HasShapeOf(_outputs[tensor]))
            throw new ModelPackageException(_package.Folder, $"model.json says two shapes for the output '{tensor}'");
    }

    private Action Bind(int count) => _network.Bind(
        isRecorded: true,
        (_package.Manifest.Input.Tensor, _input.View(0, count)),
        [.. _outputs.Select(output => (output.Key, output.Value.View(0, count)))]);
}

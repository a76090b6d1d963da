using Microsoft.ML.OnnxRuntime;
using YMaskNet.Inference.Models;

namespace YMaskNet.Inference.Cpu;

/// <summary>
/// The first network with its buffers: the input <c>[1, C, height, width]</c> and every output that the manifest names. Bound
/// once; a run allocates no managed memory.
/// </summary>
internal sealed class Stage1 : IDisposable
{
    private readonly ModelPackage _package;
    private readonly Network _network;
    private readonly OrtIoBinding _binding;
    private readonly List<OrtValue> _views = [];
    private readonly Dictionary<string, TensorBuffer> _outputs = [];
    private readonly TensorBuffer _input;

    /// <exception cref="ModelPackageException">The network is not what the manifest says.</exception>
    public Stage1(ModelPackage package, SessionOptions options)
    {
        _package = package;
        ModelManifest manifest = package.Manifest;
        InputDescription input = manifest.Input;
        _network = new Network(package, ModelFileRole.Stage1, options);
        _input = new TensorBuffer(input.ChannelCount * input.Height * input.Width);
        _binding = _network.CreateBinding();

        _network.CheckInput(input.Tensor, Network.AnyExtent, input.ChannelCount, input.Height, input.Width);
        OrtValue inputView = _input.View(0, 1, input.ChannelCount, input.Height, input.Width);
        _views.Add(inputView);
        _binding.BindInput(input.Tensor, inputView);

        foreach (AnchorHead head in manifest.Detection?.Heads ?? [])
        {
            AddOutput(
                head.Tensor,
                head.Anchors.Count * (5 + manifest.Classes.Count),
                input.Height / head.Stride,
                input.Width / head.Stride);
        }

        foreach (RegionInput region in manifest.Regions?.Inputs ?? [])
        {
            if (region.Tensor is { } tensor)
                AddOutput(tensor, region.Channels, SourceExtent(region, input.Height), SourceExtent(region, input.Width));
        }

        if (manifest.Semantic is { } semantic)
            AddOutput(semantic.Tensor, manifest.Classes.Count, input.Height, input.Width);
        _network.Probe(_binding);
    }

    /// <summary>The input, for one image.</summary>
    public Span<float> Input => _input.Values;

    /// <summary>An output's values, for one image; overwritten by the next run.</summary>
    public ReadOnlySpan<float> Values(string tensor) => _outputs[tensor].Values;

    /// <summary>Extent of a region input's source along an axis of the network's input.</summary>
    public static int SourceExtent(RegionInput region, int inputExtent) => (int)MathF.Round(inputExtent * region.SpatialScale);

    public void Run() => _network.Run(_binding);

    public void Dispose()
    {
        _binding.Dispose();
        foreach (OrtValue view in _views)
            view.Dispose();
        _network.Dispose();
        foreach (TensorBuffer output in _outputs.Values)
            output.Dispose();
        _input.Dispose();
    }

    private void AddOutput(string tensor, int channels, int height, int width)
    {
        _network.CheckOutput(tensor, Network.AnyExtent, channels, height, width);

        // Several region inputs may be cut from one feature map.
        int length = channels * height * width;
        if (_outputs.TryGetValue(tensor, out TensorBuffer? known))
        {
            if (known.Length != length)
                throw new ModelPackageException(_package.Folder, $"model.json says two shapes for the output '{tensor}'");
            return;
        }

        TensorBuffer buffer = new(length);
        _outputs.Add(tensor, buffer);
        OrtValue view = buffer.View(0, 1, channels, height, width);
        _views.Add(view);
        _binding.BindOutput(tensor, view);
    }
}

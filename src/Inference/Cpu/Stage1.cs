using Microsoft.ML.OnnxRuntime;
using YMaskNet.Inference.Models;
using YMaskNet.Inference.Networks;
using YMaskNet.Inference.Placement;

namespace YMaskNet.Inference.Cpu;

/// <summary>
/// The first network with its buffers for a batch: the input <c>[N, C, height, width]</c> and every output that the manifest
/// names. A number of images is bound when it first occurs and kept; later runs allocate no managed memory.
/// </summary>
internal sealed class Stage1 : IDisposable
{
    private readonly ModelPackage _package;
    private readonly Network _network;
    private readonly int _maxBatch;
    private readonly ImageTensor _input;
    private readonly Dictionary<string, ImageTensor> _outputs = [];
    private readonly OrtIoBinding?[] _bindings;
    private readonly List<OrtValue> _views = [];

    /// <exception cref="ModelPackageException">The network is not what the manifest says.</exception>
    public Stage1(ModelPackage package, int maxBatch, SessionOptions options)
    {
        _package = package;
        _maxBatch = maxBatch;
        _bindings = new OrtIoBinding?[maxBatch + 1];
        try
        {
            ModelManifest manifest = package.Manifest;
            InputDescription input = manifest.Input;
            _network = new Network(package, ModelFileRole.Stage1, options);
            _network.CheckInput(input.Tensor, Network.AnyExtent, input.ChannelCount, input.Height, input.Width);
            _input = new ImageTensor(maxBatch, input.ChannelCount, input.Height, input.Width);

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
                    AddOutput(tensor, region.Channels, region.SourceExtent(input.Height), region.SourceExtent(input.Width));
            }

            if (manifest.Semantic is { } semantic)
                AddOutput(semantic.Tensor, manifest.Classes.Count, input.Height, input.Width);

            // Two different sizes show at once if the batch axis is not dynamic.
            _network.Probe(Binding(1));
            if (maxBatch > 1)
                _network.Probe(Binding(maxBatch));
            Placement = _network.EndPlacement();
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Where its nodes run.</summary>
    public NetworkPlacement Placement { get; }

    /// <summary>The input of one image.</summary>
    public Span<float> Input(int image) => _input.Of(image);

    /// <summary>An output's values for one image; overwritten by the next run.</summary>
    public ReadOnlySpan<float> Values(string tensor, int image) => _outputs[tensor].Of(image);

    /// <summary>Runs the network on the first images of the input.</summary>
    public void Run(int count) => _network.Run(Binding(count));

    public void Dispose()
    {
        foreach (OrtIoBinding? binding in _bindings)
            binding?.Dispose();
        foreach (OrtValue view in _views)
            view.Dispose();

        // Not there yet where making them has failed.
        _network?.Dispose();
        foreach (ImageTensor output in _outputs.Values)
            output.Dispose();
        _input?.Dispose();
    }

    private OrtIoBinding Binding(int count)
    {
        if (_bindings[count] is { } known)
            return known;

        OrtIoBinding binding = _network.CreateBinding();
        _bindings[count] = binding;
        binding.BindInput(_package.Manifest.Input.Tensor, Keep(_input.View(count)));
        foreach ((string tensor, ImageTensor output) in _outputs)
            binding.BindOutput(tensor, Keep(output.View(count)));
        return binding;
    }

    private OrtValue Keep(OrtValue view)
    {
        _views.Add(view);
        return view;
    }

    private void AddOutput(string tensor, int channels, int height, int width)
    {
        _network.CheckOutput(tensor, Network.AnyExtent, channels, height, width);

        // Several region inputs may be cut from one feature map.
        ImageTensor output = new(_maxBatch, channels, height, width);
        if (_outputs.TryAdd(tensor, output))
            return;
        bool isSame = output.HasShapeOf(_outputs[tensor]);
        output.Dispose();
        if (!isSame)
            throw new ModelPackageException(_package.Folder, $"model.json says two shapes for the output '{tensor}'");
    }
}

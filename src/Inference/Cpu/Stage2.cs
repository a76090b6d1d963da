using Microsoft.ML.OnnxRuntime;
using YMaskNet.Inference.Models;
using YMaskNet.Inference.Networks;
using YMaskNet.Inference.Placement;

namespace YMaskNet.Inference.Cpu;

/// <summary>
/// The second network with its buffers for the largest number of regions of a batch. Regions run in chunks, which bounds the
/// memory of the network's inner tensors; a chunk is bound when it first occurs and kept, so that later runs allocate no
/// managed memory. What a region gives does not depend on its chunk: the network treats regions apart.
/// </summary>
internal sealed class Stage2 : IDisposable
{
    private const int ChunkSize = 32;
    private const int DeltaCount = 4;

    private readonly Network _network;
    private readonly RegionsDescription _regions;
    private readonly RefinementDescription _refinement;
    private readonly int _classCount;
    private readonly int _inputLength;
    private readonly int _maskLength;
    private readonly TensorBuffer _input;
    private readonly TensorBuffer _masks;
    private readonly TensorBuffer _classes;
    private readonly TensorBuffer _deltas;
    private readonly Dictionary<(int First, int Count), OrtIoBinding> _bindings = [];
    private readonly List<OrtValue> _views = [];

    /// <exception cref="ModelPackageException">The network is not what the manifest says.</exception>
    public Stage2(ModelPackage package, RegionsDescription regions, RefinementDescription refinement, int maxRegions, SessionOptions options)
    {
        _regions = regions;
        _refinement = refinement;
        _classCount = package.Manifest.Classes.Count;
        _inputLength = regions.ChannelCount * regions.Size * regions.Size;
        _maskLength = refinement.MaskSize * refinement.MaskSize;
        try
        {
            _network = new Network(package, ModelFileRole.Stage2, options);
            _network.CheckInput(regions.Tensor, Network.AnyExtent, regions.ChannelCount, regions.Size, regions.Size);
            _network.CheckOutput(refinement.MaskTensor, Network.AnyExtent, _classCount, refinement.MaskSize, refinement.MaskSize);
            _network.CheckOutput(refinement.ClassTensor, Network.AnyExtent, _classCount + 1);
            _network.CheckOutput(refinement.DeltaTensor, Network.AnyExtent, DeltaCount);
            _input = new TensorBuffer(maxRegions * _inputLength);
            _masks = new TensorBuffer(maxRegions * _classCount * _maskLength);
            _classes = new TensorBuffer(maxRegions * (_classCount + 1));
            _deltas = new TensorBuffer(maxRegions * DeltaCount);

            // Two different sizes show at once if the batch axis is not dynamic.
            _network.Probe(Binding(0, 1));
            _network.Probe(Binding(0, Math.Min(ChunkSize, maxRegions)));
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

    /// <summary>A region's slot in the input: <c>[channels, size, size]</c>.</summary>
    public Span<float> Input(int region) => _input.Values.Slice(region * _inputLength, _inputLength);

    /// <summary>The slots of the first regions.</summary>
    public ReadOnlySpan<float> Inputs(int regionCount) => _input.Values[..(regionCount * _inputLength)];

    /// <summary>A region's mask logits of one class, <c>[maskSize, maskSize]</c>; overwritten by the next run.</summary>
    public ReadOnlySpan<float> Mask(int region, int classId) =>
        _masks.Values.Slice(((region * _classCount) + classId) * _maskLength, _maskLength);

    /// <summary>A region's class logits, <c>[classes + 1]</c>; overwritten by the next run.</summary>
    public ReadOnlySpan<float> Classes(int region) => _classes.Values.Slice(region * (_classCount + 1), _classCount + 1);

    /// <summary>A region's dx, dy, dw, dh; overwritten by the next run.</summary>
    public ReadOnlySpan<float> Deltas(int region) => _deltas.Values.Slice(region * DeltaCount, DeltaCount);

    /// <summary>Runs the network on the first regions of the input; does nothing where there are none.</summary>
    public void Run(int regionCount)
    {
        for (int first = 0; first < regionCount; first += ChunkSize)
            _network.Run(Binding(first, Math.Min(ChunkSize, regionCount - first)));
    }

    public void Dispose()
    {
        foreach (OrtIoBinding binding in _bindings.Values)
            binding.Dispose();
        foreach (OrtValue view in _views)
            view.Dispose();

        // Not there yet where making them has failed.
        _network?.Dispose();
        _input?.Dispose();
        _masks?.Dispose();
        _classes?.Dispose();
        _deltas?.Dispose();
    }

    private OrtIoBinding Binding(int first, int count)
    {
        if (_bindings.TryGetValue((first, count), out OrtIoBinding? known))
            return known;

        OrtIoBinding binding = _network.CreateBinding();
        _bindings.Add((first, count), binding);
        binding.BindInput(_regions.Tensor, Keep(_input.View(first * _inputLength, count, _regions.ChannelCount, _regions.Size, _regions.Size)));
        binding.BindOutput(
            _refinement.MaskTensor,
            Keep(_masks.View(first * _classCount * _maskLength, count, _classCount, _refinement.MaskSize, _refinement.MaskSize)));
        binding.BindOutput(_refinement.ClassTensor, Keep(_classes.View(first * (_classCount + 1), count, _classCount + 1)));
        binding.BindOutput(_refinement.DeltaTensor, Keep(_deltas.View(first * DeltaCount, count, DeltaCount)));
        return binding;
    }

    private OrtValue Keep(OrtValue view)
    {
        _views.Add(view);
        return view;
    }
}

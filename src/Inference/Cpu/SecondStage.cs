using Microsoft.ML.OnnxRuntime;
using YMaskNet.Inference.Batching;
using YMaskNet.Inference.Detection;
using YMaskNet.Inference.Frames;
using YMaskNet.Inference.Models;
using YMaskNet.Inference.Placement;
using YMaskNet.Inference.Regions;
using YMaskNet.Inference.Results;
using YMaskNet.Inference.Segmentation;

namespace YMaskNet.Inference.Cpu;

/// <summary>What happens to regions on the CPU: their input is cut, the second network runs, boxes and masks are made.</summary>
internal sealed class SecondStage : IDisposable
{
    private readonly RegionsDescription _regions;
    private readonly RefinementDescription _refinement;
    private readonly Stage2 _network;
    private readonly RoiAlign[] _aligners;
    private readonly BoxRefinement _boxRefinement;
    private readonly MaskPaster _paster;
    private readonly List<RefinedRegion> _kept = [];

    /// <exception cref="ModelPackageException">The network is not what the manifest says.</exception>
    public SecondStage(ModelPackage package, RegionsDescription regions, RefinementDescription refinement, int maxRegions, SessionOptions options)
    {
        InputDescription input = package.Manifest.Input;
        _regions = regions;
        _refinement = refinement;
        _aligners =
        [
            .. regions.Inputs.Select(region => new RoiAlign(
                region, region.SourceExtent(input.Width), region.SourceExtent(input.Height))),
        ];
        _boxRefinement = new BoxRefinement(refinement);
        _paster = new MaskPaster(refinement.MaskSize, refinement.MaskThreshold);
        _network = new Stage2(package, regions, refinement, maxRegions, options);
    }

    /// <summary>Where the second network's nodes run.</summary>
    public NetworkPlacement Placement => _network.Placement;

    /// <summary>Cuts the network's input for each region of an image.</summary>
    /// <param name="sources">What the regions are cut from.</param>
    /// <param name="image">The image's place in the batch.</param>
    /// <param name="first">Place of its first region in the network's input.</param>
    /// <param name="regions">Its regions.</param>
    public void Align(Stage1 sources, int image, int first, ReadOnlySpan<RegionState> regions)
    {
        for (int index = 0; index < regions.Length; index++)
        {
            Span<float> rest = _network.Input(first + index);
            for (int input = 0; input < _aligners.Length; input++)
            {
                ReadOnlySpan<float> source =
                    _regions.Inputs[input].Tensor is { } tensor ? sources.Values(tensor, image) : sources.Input(image);
                Span<float> output = rest[.._aligners[input].OutputLength];
                _aligners[input].Run(source, regions[index].NetworkBox, output);
                rest = rest[output.Length..];
            }
        }
    }

    /// <summary>The network's input of the first regions.</summary>
    public ReadOnlySpan<float> Input(int regionCount) => _network.Inputs(regionCount);

    /// <summary>Runs the network.</summary>
    public void Run(int regionCount) => _network.Run(regionCount);

    /// <summary>The detector's regions, refined and outlined: those at or above a score, best first.</summary>
    /// <param name="regions">The regions of an image.</param>
    /// <param name="first">Place of the first in the network's input.</param>
    /// <param name="letterbox">Where the image lies.</param>
    /// <param name="minScore">The score.</param>
    public FoundInstances Refine(ReadOnlySpan<RegionState> regions, int first, in Letterbox letterbox, float minScore)
    {
        _kept.Clear();
        for (int index = 0; index < regions.Length; index++)
        {
            RegionState region = regions[index];
            float score = Score(region, first + index);
            CornerBox refined = Refined(region, first + index, letterbox);

            // Both are written so that NaN is left out.
            if (score >= minScore && refined.IsAtLeastOnePixel)
                _kept.Add(new RefinedRegion(index, score, region.AnchorIndex, refined));
        }

        _kept.Sort(BestFirst);
        long maskBytes = 0;
        foreach (RefinedRegion kept in _kept)
            maskBytes += MaskPaster.BytesOf(regions[kept.Index].ImageBox);
        FoundInstances instances = new(_kept.Count, maskBytes);
        foreach ((int index, float score, _, CornerBox box) in _kept)
        {
            int classId = regions[index].ClassId.GetValueOrDefault();
            BinaryMask mask = Paste(regions[index], first + index, classId, instances.Masks);
            instances.Add(new FoundInstance(classId, score, letterbox.ToImage(box).ToPixelBox(), mask));
        }

        return instances;
    }

    /// <summary>One instance for each of the caller's regions; a box that can't be refined stays as it was.</summary>
    /// <param name="regions">The regions of an image.</param>
    /// <param name="first">Place of the first in the network's input.</param>
    /// <param name="letterbox">Where the image lies.</param>
    public FoundInstances Outline(ReadOnlySpan<RegionState> regions, int first, in Letterbox letterbox)
    {
        long maskBytes = 0;
        foreach (ref readonly RegionState region in regions)
            maskBytes += MaskPaster.BytesOf(region.ImageBox);
        FoundInstances instances = new(regions.Length, maskBytes);
        for (int index = 0; index < regions.Length; index++)
        {
            RegionState region = regions[index];
            ReadOnlySpan<float> classes = _network.Classes(first + index);
            int classId = region.ClassId ?? ClassProbabilities.Best(classes);
            float probability = ClassProbabilities.Of(classId, classes);
            CornerBox refined = Refined(region, first + index, letterbox);
            CornerBox box = refined.IsAtLeastOnePixel ? letterbox.ToImage(refined) : region.ImageBox;
            BinaryMask mask = Paste(region, first + index, classId, instances.Masks);
            instances.Add(new FoundInstance(classId, float.IsNaN(probability) ? 0f : probability, box.ToPixelBox(), mask));
        }

        return instances;
    }

    public void Dispose() => _network.Dispose();

    // No two regions have one anchor, so that the order is a total one.
    private static int BestFirst(RefinedRegion one, RefinedRegion other)
    {
        int byScore = other.Score.CompareTo(one.Score);
        return byScore != 0 ? byScore : one.AnchorIndex.CompareTo(other.AnchorIndex);
    }

    private float Score(in RegionState region, int place) => _refinement.Score == ScoreRule.Stage1
        ? region.Score
        : MathF.Sqrt(region.Score * ClassProbabilities.Of(region.ClassId.GetValueOrDefault(), _network.Classes(place)));

    private CornerBox Refined(in RegionState region, int place, in Letterbox letterbox) =>
        _boxRefinement.Apply(region.NetworkBox, _network.Deltas(place)).ClippedTo(letterbox.Content);

    private BinaryMask Paste(in RegionState region, int place, int classId, MaskMemory masks) =>
        _paster.Paste(_network.Mask(place, classId), region.ImageBox, masks);

    /// <summary>A region that stays: its place, its score, what decides between equal scores, and its box in network pixels.</summary>
    private readonly record struct RefinedRegion(int Index, float Score, int AnchorIndex, CornerBox Box);
}

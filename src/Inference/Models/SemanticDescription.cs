namespace YMaskNet.Inference.Models;

/// <summary>Output of a semantic model: <c>[N, classes, height, width] float32</c>, a pixel's class being the largest.</summary>
public sealed record SemanticDescription
{
    /// <summary>Name in the ONNX file.</summary>
    public required string Tensor { get; init; }

    /// <summary>The class that makes no regions. Range: 0 to classes - 1.</summary>
    public required int BackgroundClass { get; init; }

    /// <summary>
    /// Added to the background's logit before the largest is taken: how sure the network has to be of a defect. Finite. Default: 0.
    /// </summary>
    public float BackgroundOffset { get; init; }

    /// <summary>
    /// Smaller regions are background. Unit: pixels of the image. Range: >= 1. Default: <see langword="null"/>, all are kept.
    /// </summary>
    public int? MinRegionArea { get; init; }

    /// <summary>
    /// How far an output pixel looks, in input pixels to each side, rounded up to the stride; <see langword="null"/>: not known, and boards
    /// larger than the input are refused. Range: 0 to less than half the input's sides; a multiple of <see cref="Stride"/>.
    /// </summary>
    public int? HaloPixels { get; init; }

    /// <summary>
    /// Input pixels between neighbouring cells of the network's coarsest map: moved by a multiple of this, an image gives
    /// the same logits, moved. There exactly when <see cref="HaloPixels"/> is. Divides the input's sides.
    /// </summary>
    public int? Stride { get; init; }
}

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
}

namespace YMaskNet.Inference.Models;

/// <summary>Output of a semantic model: <c>[N, classes, height, width] float32</c>, a pixel's class being the largest.</summary>
public sealed record SemanticDescription
{
    /// <summary>Name in the ONNX file.</summary>
    public required string Tensor { get; init; }

    /// <summary>The class that makes no regions. Range: 0 to classes - 1.</summary>
    public required int BackgroundClass { get; init; }
}

using System.Text.Json.Serialization;

namespace YMaskNet.Inference.Models;

/// <summary>How the two stages' scores make one.</summary>
[JsonConverter(typeof(NamedEnumConverter<ScoreRule>))]
public enum ScoreRule
{
    /// <summary>The square root of the first stage's score times the second stage's probability of the class.</summary>
    GeometricMean,

    /// <summary>The first stage's score alone.</summary>
    Stage1,
}

/// <summary>The second stage's outputs and what is made of them.</summary>
public sealed record RefinementDescription
{
    /// <summary>Output <c>[R, classes, maskSize, maskSize]</c>: logits.</summary>
    public required string MaskTensor { get; init; }

    /// <summary>Width and height of a mask. Range: 2 to 256.</summary>
    public required int MaskSize { get; init; }

    /// <summary>A pixel is inside where its probability is above this. Range: above 0, below 1.</summary>
    public required float MaskThreshold { get; init; }

    /// <summary>Output <c>[R, classes + 1]</c>: logits, the last of the background.</summary>
    public required string ClassTensor { get; init; }

    /// <summary>Output <c>[R, 4]</c>: dx, dy, dw, dh.</summary>
    public required string DeltaTensor { get; init; }

    /// <summary>Divisors of dx, dy, dw, dh; positive.</summary>
    public required IReadOnlyList<float> DeltaWeights { get; init; }

    /// <summary>dw and dh, divided, are clamped to plus or minus this. Range: above 0, at most 10.</summary>
    public required float LogScaleClamp { get; init; }

    /// <summary>How the two stages' scores make one.</summary>
    public required ScoreRule Score { get; init; }
}

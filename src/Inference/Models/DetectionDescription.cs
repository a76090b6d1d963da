using System.Text.Json.Serialization;

namespace YMaskNet.Inference.Models;

/// <summary>The first stage's anchor heads and the filters on what they find. Scores and IoUs are in [0, 1].</summary>
public sealed record DetectionDescription
{
    /// <summary>1 to 8 heads; their order numbers the anchors.</summary>
    public required IReadOnlyList<AnchorHead> Heads { get; init; }

    /// <summary>Floor for candidates whatever the caller asks for.</summary>
    public required float CandidateMinScore { get; init; }

    /// <summary>The best candidates that enter non-maximum suppression. Range: 1 to 100,000.</summary>
    public required int MaxCandidates { get; init; }

    /// <summary>Of two boxes of one class whose IoU is above this, the lower-scoring one is suppressed.</summary>
    public required float NmsIouThreshold { get; init; }

    /// <summary>Default threshold of <see cref="InspectionTask.Detect"/>.</summary>
    public required float DetectMinScore { get; init; }

    /// <summary>Default threshold of <see cref="InspectionTask.DetectAndSegment"/>.</summary>
    public required float DetectAndSegmentMinScore { get; init; }

    /// <summary>Range: 1 to <see cref="MaxRois"/>.</summary>
    public required int DefaultMaxDefects { get; init; }

    /// <summary>Most defects of an image, and most RoIs of a request. Range: 1 to 1000.</summary>
    public required int MaxRois { get; init; }

    /// <summary>
    /// How far the tiles of a board overlap at least. Unit: pixels. Range: 1 to less than half the input's smaller side.
    /// <see langword="null"/>: 128, or a quarter of the input's smaller side where that is less.
    /// </summary>
    public int? BoardOverlapPixels { get; init; }

    /// <summary><see cref="BoardOverlapPixels"/>, or what holds without it.</summary>
    internal int BoardOverlap(InputDescription input) => BoardOverlapPixels ?? Math.Min(128, Math.Min(input.Width, input.Height) / 4);
}

/// <summary>An output <c>[N, A * (5 + C), H / stride, W / stride] float32</c> of raw anchor values.</summary>
public sealed record AnchorHead
{
    /// <summary>Name in the ONNX file.</summary>
    public required string Tensor { get; init; }

    /// <summary>Network pixels from cell to cell; divides the input's width and height.</summary>
    public required int Stride { get; init; }

    /// <summary>1 to 16 anchors, in the order of their channels.</summary>
    public required IReadOnlyList<AnchorSize> Anchors { get; init; }
}

/// <summary>Size of an anchor in network pixels; <c>[width, height]</c> in the manifest.</summary>
/// <param name="Width">Positive.</param>
/// <param name="Height">Positive.</param>
[JsonConverter(typeof(AnchorSizeConverter))]
public readonly record struct AnchorSize(float Width, float Height);

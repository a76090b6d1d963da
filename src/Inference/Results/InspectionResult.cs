using YMaskNet.Inference.Models;

namespace YMaskNet.Inference.Results;

/// <summary>What an inspection found, and what made the result.</summary>
public sealed record InspectionResult
{
    /// <summary>Width of the inspected image in pixels.</summary>
    public required int ImageWidth { get; init; }

    /// <summary>Height of the inspected image in pixels.</summary>
    public required int ImageHeight { get; init; }

    /// <summary>Highest score first; for <see cref="InspectionTask.Segment"/> with RoIs one for each, in their order.</summary>
    public IReadOnlyList<Defect> Defects { get; init; } = [];

    /// <summary>Semantic models: by class id, then by area, largest first.</summary>
    public IReadOnlyList<Region> Regions { get; init; } = [];

    /// <summary>Semantic models, if asked for: an 8-bit grey PNG of the image's size, a pixel's value being its class id.</summary>
    public byte[]? ClassMapPng { get; init; }

    /// <summary>Semantic models, where the request keeps pixels: the class id of every pixel, row by row.</summary>
    internal byte[]? Classes { get; init; }

    /// <summary>ONNX Runtime's execution provider that ran the networks.</summary>
    public required string ExecutionProvider { get; init; }

    /// <summary>The device, for example <c>cpu</c>.</summary>
    public required string Device { get; init; }

    /// <summary>What the networks computed in.</summary>
    public ModelPrecision Precision { get; init; }

    /// <summary>Time per stage.</summary>
    public required StageTimes Times { get; init; }
}

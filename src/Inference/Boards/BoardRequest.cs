using YMaskNet.Inference.Results;

namespace YMaskNet.Inference.Boards;

/// <summary>What to do with a board.</summary>
/// <param name="Task">
/// <see cref="InspectionTask.Detect"/> or <see cref="InspectionTask.DetectAndSegment"/>, or with a semantic model
/// <see cref="InspectionTask.Segment"/>; the model must offer it.
/// </param>
public sealed record BoardRequest(InspectionTask Task)
{
    /// <summary>
    /// Filters on detections, as for single images but for the number of defects, which is of the whole board: 1 to
    /// <see cref="BoardLimits.MaxDefects"/>, <see cref="BoardLimits.DefaultMaxDefects"/> where it is not set.
    /// </summary>
    public DetectionFilter Filter { get; init; } = DetectionFilter.ModelDefaults;

    /// <summary>How masks are written.</summary>
    public MaskFormat MaskFormat { get; init; } = MaskFormat.CocoRle;

    /// <summary>
    /// How far neighbouring tiles of a detecting model overlap. Unit: pixels. Range: from the model's own value to less than half
    /// a tile's smaller side. <see langword="null"/>: the model's own value.
    /// </summary>
    public int? Overlap { get; init; }

    /// <summary>Tiles that are cut out and not yet inspected. Range: >= 1. Default: 2, one on a lane and one that waits for it.</summary>
    public int TilesInFlight { get; init; } = 2;
}

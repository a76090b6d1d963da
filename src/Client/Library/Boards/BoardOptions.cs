using YMaskNet.V1;

namespace YMaskNet.Client;

/// <summary>What to do with a board.</summary>
public sealed record BoardOptions
{
    /// <summary>
    /// <see cref="V1.Task.Detect"/> or <see cref="V1.Task.DetectAndSegment"/>, or with a semantic model <see cref="V1.Task.Segment"/>.
    /// </summary>
    public required V1.Task Task { get; init; }

    /// <summary>
    /// Model, filters and mask format; <see cref="InspectionOptions.MaxDefects"/> is of the whole board. Filters are refused for
    /// <see cref="V1.Task.Segment"/>; class maps of boards are not returned.
    /// </summary>
    public InspectionOptions Inspection { get; init; } = new();

    /// <summary>How far the tiles of a detecting model overlap. Unit: pixels. Default: <see langword="null"/>, the model's own value.</summary>
    public int? Overlap { get; init; }

    /// <summary>How long the board may take, from its opening to its answer, all tries together. Default: <see langword="null"/>, forever.</summary>
    public TimeSpan? Timeout { get; init; }

    internal BoardOpening ToMessage()
    {
        BoardOpening opening = new()
        {
            Task = Task,
            Model = Inspection.Model,
            Options = Inspection.ToDetectionOptions(),
            MaskFormat = Inspection.MaskFormat,
        };
        if (Overlap is { } overlap)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(overlap, nameof(Overlap));
            opening.Overlap = (uint)overlap;
        }

        return opening;
    }
}

using YMaskNet.V1;

namespace YMaskNet.Client;

/// <summary>What a session does with every frame.</summary>
public sealed record SessionOptions
{
    /// <summary>The task.</summary>
    public required V1.Task Task { get; init; }

    /// <summary>Model, filters and mask format. Filters are refused for <see cref="V1.Task.Segment"/>.</summary>
    public InspectionOptions Inspection { get; init; } = new();

    /// <summary>
    /// Most frames that are written and whose result has not been taken yet; the server's own number is used where that is
    /// lower. It bounds the memory on both sides. Range: at least 1. Default: <see langword="null"/>, the server's number.
    /// </summary>
    public int? MaxFramesInFlight { get; init; }

    /// <summary>What happens to frames that come faster than they are inspected. Default: they wait, and so does the caller.</summary>
    public FramePolicy FramePolicy { get; init; } = FramePolicy.Block;

    /// <summary>Which session's frames are inspected first. Default: <see cref="Priority.Normal"/>.</summary>
    public Priority Priority { get; init; } = Priority.Normal;

    /// <summary>What makes a frame fail. Default: <see langword="null"/>, anything found.</summary>
    public Recipe? Recipe { get; init; }

    /// <summary>How long opening the session may take, all tries together. Default: 30 seconds.</summary>
    public TimeSpan OpeningTimeout { get; init; } = TimeSpan.FromSeconds(30);

    internal SessionOpening ToMessage()
    {
        SessionOpening opening = new()
        {
            Task = Task,
            Model = Inspection.Model,
            Options = Inspection.ToDetectionOptions(),
            MaskFormat = Inspection.MaskFormat,
            FramePolicy = FramePolicy,
            Priority = Priority,
            Recipe = Recipe,
        };
        if (MaxFramesInFlight is { } frames)
            opening.MaxFramesInFlight = (uint)frames;
        return opening;
    }
}

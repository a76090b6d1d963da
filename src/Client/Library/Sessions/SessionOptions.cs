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
    /// lower. It bounds the memory on both sides. Range: at least 1. Default: 8.
    /// </summary>
    public int MaxFramesInFlight { get; init; } = 8;

    /// <summary>How long the server may take to open the session. Default: 30 seconds.</summary>
    public TimeSpan OpeningTimeout { get; init; } = TimeSpan.FromSeconds(30);

    internal SessionOpening ToMessage() => new()
    {
        Task = Task,
        Model = Inspection.Model,
        Options = Inspection.ToDetectionOptions(),
        MaskFormat = Inspection.MaskFormat,
    };
}

using YMaskNet.Inference.Segmentation;

namespace YMaskNet.Inference.Batching;

/// <summary>What a lane found; it owns its memory.</summary>
internal sealed record LaneResult : IDisposable
{
    /// <summary>In the order of the answer.</summary>
    public FoundInstances Instances { get; init; } = FoundInstances.None;

    /// <summary>Semantic models: the class of every pixel.</summary>
    public ClassMap? ClassMap { get; init; }

    /// <summary>Time per operation of the lane.</summary>
    public required LaneTimes Times { get; init; }

    public void Dispose()
    {
        ClassMap?.Dispose();
        Instances.Dispose();
    }
}

namespace YMaskNet.Inference.Batching;

/// <summary>Time per operation of a lane; zero where it did not run.</summary>
internal readonly record struct LaneTimes
{
    public TimeSpan Preprocess { get; init; }

    public TimeSpan Stage1 { get; init; }

    public TimeSpan Detection { get; init; }

    public TimeSpan RoiAlign { get; init; }

    public TimeSpan Stage2 { get; init; }

    public TimeSpan Segmentation { get; init; }
}

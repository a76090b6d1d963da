namespace YMaskNet.Inference.Results;

/// <summary>Time per stage of one image's way through the pipeline; a stage that did not run is zero.</summary>
public sealed record StageTimes
{
    /// <summary>Decompression and pixel format conversion.</summary>
    public TimeSpan Decode { get; init; }

    /// <summary>Waiting for a lane.</summary>
    public TimeSpan Queue { get; init; }

    /// <summary>Letterbox and normalisation.</summary>
    public TimeSpan Preprocess { get; init; }

    /// <summary>The first network; for a semantic model the whole network.</summary>
    public TimeSpan Stage1 { get; init; }

    /// <summary>Box decoding, thresholds, non-maximum suppression.</summary>
    public TimeSpan Detection { get; init; }

    /// <summary>RoIAlign of the second stage's inputs.</summary>
    public TimeSpan RoiAlign { get; init; }

    /// <summary>The second network.</summary>
    public TimeSpan Stage2 { get; init; }

    /// <summary>Box refinement, mask pasting, semantic class maps.</summary>
    public TimeSpan Segmentation { get; init; }

    /// <summary>Back-projection and mask encoding.</summary>
    public TimeSpan Results { get; init; }

    /// <summary>From the request to the finished result.</summary>
    public TimeSpan Total { get; init; }
}

namespace YMaskNet.Inference.Verdicts;

/// <summary>When something found fails its image: all of it must hold.</summary>
public sealed record ClassRule
{
    /// <summary>Everything fails.</summary>
    public static ClassRule Everything { get; } = new();

    /// <summary>Never: the class is reported and does not count.</summary>
    public bool IsIgnored { get; init; }

    /// <summary>Its score is at least this. Range: [0, 1]. Regions of semantic models, which have none, pass it.</summary>
    public float MinScore { get; init; }

    /// <summary>Its area is at least this: of the mask, or of the box where there is none. Unit: pixels. Range: finite, >= 0.</summary>
    public double MinArea { get; init; }
}

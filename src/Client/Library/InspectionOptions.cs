using YMaskNet.V1;

namespace YMaskNet.Client;

/// <summary>What to inspect with and what to return. A value that is not set is the model's own.</summary>
public sealed record InspectionOptions
{
    /// <summary><c>name</c> (the highest version) or <c>name/version</c>. Default: empty, the server's default model.</summary>
    public string Model { get; init; } = "";

    /// <summary>Defects below this score are left out. Range: [0, 1]. Not used by <c>Segment</c>.</summary>
    public float? MinScore { get; init; }

    /// <summary>
    /// Of two boxes of one class whose intersection over union is above this, the lower-scoring one is suppressed.
    /// Range: [0, 1]. Not used by <c>Segment</c>.
    /// </summary>
    public float? NmsIouThreshold { get; init; }

    /// <summary>At most this many defects per image, the highest-scoring first. Range: at least 1. Not used by <c>Segment</c>.</summary>
    public int? MaxDefects { get; init; }

    /// <summary>How masks are written. Default: compressed COCO run lengths. Not used by <c>Detect</c>.</summary>
    public MaskFormat MaskFormat { get; init; } = MaskFormat.CocoRle;

    /// <summary>Semantic models under <c>Segment</c>: return the class map too. Not used in sessions.</summary>
    public bool IncludeClassMap { get; init; }

    /// <summary>
    /// Semantic models under <c>Segment</c>: smaller regions become background. Unit: pixels of the image. Range: at least 1.
    /// Default: the model's. Not used in sessions, which have recipes.
    /// </summary>
    public uint? MinRegionArea { get; init; }

    /// <summary>
    /// How long the call may take, all its tries together. Default: <see langword="null"/>, the client's
    /// <see cref="InspectionClientOptions.CallTimeout"/>. Not used by sessions and boards, which have their own.
    /// </summary>
    public TimeSpan? Timeout { get; init; }

    internal DetectionOptions? ToDetectionOptions()
    {
        if (MinScore is null && NmsIouThreshold is null && MaxDefects is null)
            return null;

        DetectionOptions options = new();
        if (MinScore is { } minScore)
            options.MinScore = minScore;
        if (NmsIouThreshold is { } nmsIouThreshold)
            options.NmsIouThreshold = nmsIouThreshold;
        if (MaxDefects is { } maxDefects)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(maxDefects, 1, nameof(MaxDefects));
            options.MaxDefects = (uint)maxDefects;
        }

        return options;
    }
}

namespace YMaskNet.Perf.Load;

/// <summary>A load's figures. Latencies are those of the inspected, from their due time to their answer. Unit: milliseconds.</summary>
internal sealed record LoadResult
{
    public required double Seconds { get; init; }

    public required long Inspected { get; init; }

    public required long Refused { get; init; }

    public required long Dropped { get; init; }

    public required long Late { get; init; }

    public required long Failed { get; init; }

    public string? FirstFailure { get; init; }

    public double? P50 { get; init; }

    public double? P95 { get; init; }

    public double? P99 { get; init; }

    public double? P999 { get; init; }

    public double? Max { get; init; }

    /// <summary>Managed memory that an answer's message takes by itself, as its copy shows.</summary>
    public double? AnswerBytes { get; init; }

    /// <summary>What the server's process took meanwhile, where that was asked for.</summary>
    public ServerUse? Server { get; init; }

    public double PerSecond => Inspected / Seconds;
}

using YMaskNet.Client.Tool.Inspection;
using YMaskNet.V1;

namespace YMaskNet.Client.Tool.Commands;

/// <summary>What was asked of <c>ymasknet inspect</c>.</summary>
internal sealed record InspectSettings
{
    /// <summary>Standard output, where a file name is expected.</summary>
    public const string StandardOutput = "-";

    /// <summary>Files, folders and globs.</summary>
    public required IReadOnlyList<string> Paths { get; init; }

    /// <summary>The server, and how to talk to it.</summary>
    public required ServerConnection Connection { get; init; }

    /// <summary>Model and filters, as typed.</summary>
    public required InspectionOptions Inspection { get; init; }

    /// <summary><see langword="null"/>: whatever the model does best.</summary>
    public TaskChoice? Task { get; init; }

    public IReadOnlyList<RegionOfInterest> Rois { get; init; } = [];

    /// <summary><see langword="null"/>: no JSON. <see cref="StandardOutput"/>: to standard output.</summary>
    public string? JsonPath { get; init; }

    public string? OverlayFolder { get; init; }

    /// <summary>One session instead of a call per image.</summary>
    public bool Stream { get; init; }

    /// <summary>No tables, only the summary.</summary>
    public bool Quiet { get; init; }

    public int InFlight { get; init; } = 4;

    /// <summary>Deadline of a call.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(120);
}

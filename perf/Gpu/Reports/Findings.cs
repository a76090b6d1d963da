using YMaskNet.Perf.Gpu.Timing;
using YMaskNet.Perf.Gpu.Torchvision;
using YMaskNet.Perf.Gpu.Verification;
using YMaskNet.Perf.Gpu.WholePath;

namespace YMaskNet.Perf.Gpu.Reports;

/// <summary>Everything that the parts of a check found; what did not run is <see langword="null"/>, or empty.</summary>
internal sealed record Findings
{
    public GpuMachine? Machine { get; init; }

    /// <summary>By kernel.</summary>
    public IReadOnlyList<KernelVerdict>? Verification { get; init; }

    /// <summary>By tool.</summary>
    public IReadOnlyList<SanitizerVerdict> Sanitizer { get; init; } = [];

    public KernelSpeeds? Kernels { get; init; }

    public TorchvisionVerdict? Torchvision { get; init; }

    public PathVerdict? Path { get; init; }

    /// <summary>Through the server.</summary>
    public IReadOnlyList<ServerFigure> Server { get; init; } = [];

    /// <summary>What the script found wrong: a server that did not start, a part that ended unexpectedly.</summary>
    public IReadOnlyList<string> Problems { get; init; } = [];

    /// <summary>Everything that is wrong, one line each; empty: the check has passed.</summary>
    public IReadOnlyList<string> Failures() =>
    [
        .. Missing(Machine, "machine"),
        .. Missing(Verification, "verify"),
        .. Missing(Kernels, "kernels"),
        .. Missing(Path, "path"),
        .. (Verification ?? []).SelectMany(verdict => verdict.Failures),
        .. Sanitizer.Where(verdict => !verdict.HasPassed)
            .Select(verdict => $"compute-sanitizer's {verdict.Tool} found something: see sanitizer-{verdict.Tool}.txt"),
        .. Torchvision?.Failures ?? [],
        .. Path?.AllFailures() ?? [],
        .. Server.Where(figure => figure.Failed > 0).Select(figure => $"{figure.Failed} calls to the server failed, the first with: {figure.FirstFailure}"),
        .. Problems,
    ];

    /// <summary>Reads all parts of a folder.</summary>
    /// <exception cref="InvalidDataException">A file is not what was written.</exception>
    public static Findings Read(ReportFolder folder) => new()
    {
        Machine = folder.Read<GpuMachine>(Parts.Machine),
        Verification = folder.Read<KernelVerdict[]>(Parts.Verification),
        Sanitizer = [.. folder.ReadLines("sanitizer.tsv").Select(SanitizerVerdict.Parse)],
        Kernels = folder.Read<KernelSpeeds>(Parts.Kernels),
        Torchvision = folder.Read<TorchvisionVerdict>(Parts.Torchvision),
        Path = folder.Read<PathVerdict>(Parts.Path),
        Server = [.. folder.ReadLines("server.jsonl").Select(ServerFigure.Parse)],
        Problems = folder.ReadLines("problems.txt"),
    };

    private static IEnumerable<string> Missing(object? findings, string part) =>
        findings is null ? [$"the part '{part}' has not run to its end"] : [];
}

/// <summary>Names of the parts' files.</summary>
internal static class Parts
{
    public const string Machine = "machine";
    public const string Verification = "verify";
    public const string Kernels = "kernels";
    public const string Torchvision = "torchvision";
    public const string Path = "path";
}

/// <summary>How fast the device is.</summary>
/// <param name="Bandwidths">Its memory and its connection to the host.</param>
/// <param name="Times">Its kernels.</param>
internal sealed record KernelSpeeds(Bandwidths Bandwidths, IReadOnlyList<KernelTime> Times);

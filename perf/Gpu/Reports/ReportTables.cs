using YMaskNet.Perf.Gpu.Timing;
using YMaskNet.Perf.Gpu.Torchvision;
using YMaskNet.Perf.Gpu.Verification;
using YMaskNet.Perf.Gpu.WholePath;
using static System.FormattableString;

namespace YMaskNet.Perf.Gpu.Reports;

/// <summary>The tables of a report, in Markdown, by the names that docs/gpu.md has for their places.</summary>
internal static class ReportTables
{
    /// <summary>What stands in a table's place until the part has run.</summary>
    public const string NotRun = "Not yet run on a GPU.";

    private static readonly Dictionary<string, (string Title, Func<Findings, string?> Create)> ByName = new()
    {
        ["verification"] = ("Kernels' results", Verification),
        ["sanitizer"] = ("NVIDIA's compute-sanitizer", Sanitizer),
        ["kernels"] = ("Kernels' times", Kernels),
        ["torchvision"] = ("Beside torchvision", Torchvision),
        ["agreement"] = ("GPU's and CPU's answers", Agreement),
        ["copies"] = ("Copies between host and device", Copies),
        ["stages"] = ("What a batch takes", Stages),
        ["throughput"] = ("Frames a second, in process", Throughput),
        ["server"] = ("Frames a second, through the server", Server),
    };

    /// <summary>All names, in the order of the report.</summary>
    public static IReadOnlyCollection<string> Names => ByName.Keys;

    /// <summary>A table's title.</summary>
    public static string TitleOf(string name) => ByName[name].Title;

    /// <summary>A table, with the machine under it.</summary>
    public static string Create(string name, Findings findings)
    {
        string? table = ByName[name].Create(findings);
        return table is null ? NotRun
            : findings.Machine is { } machine ? $"{table}\n\n{machine.Described()}"
            : table;
    }

    private static string? Verification(Findings findings) => findings.Verification is not { } verdicts ? null : Table(
        ["kernel", "cases", "compared with", "result"],
        verdicts.Select(verdict => new[]
        {
            verdict.Kernel,
            Invariant($"{verdict.Cases}"),
            verdict.IsComparedWithEmulation ? "CPU operators, the emulation's bits" : "CPU operators",
            verdict.Failures.Count == 0 ? "right" : Invariant($"{verdict.Failures.Count} differ"),
        }));

    private static string? Sanitizer(Findings findings) =>
        findings.Sanitizer.Count > 0
            ? Table(["tool", "result"], findings.Sanitizer.Select(verdict => new[] { verdict.Tool, verdict.HasPassed ? "nothing found" : "found something" }))
            : findings.Machine is null ? null : "compute-sanitizer was not installed.";

    private static string? Kernels(Findings findings) => findings.Kernels is not { } speeds ? null : Table(
        ["kernel", "model", "batch", "µs", "KB", "floor, µs", "part of the floor's speed"],
        speeds.Times.Select(time => new[]
        {
            time.Kernel, time.Model, Invariant($"{time.Batch}"), Invariant($"{time.Microseconds:F1}"), Invariant($"{time.Bytes / 1000.0:F0}"),
            Invariant($"{time.FloorMicroseconds:F1}"), Invariant($"{100 * time.FloorMicroseconds / time.Microseconds:F0} %"),
        })) + Invariant($"\n\nThe device's memory: {speeds.Bandwidths.Device:F0} GB/s; from the host {speeds.Bandwidths.ToDevice:F1} GB/s, to the host {speeds.Bandwidths.ToHost:F1} GB/s.");

    private static string? Torchvision(Findings findings) =>
        findings.Torchvision is { } verdict
            ? Table(
                ["operator", "torchvision, µs", "ours, µs", "times as fast"],
                verdict.Times.Select(time => new[]
                {
                    time.Operator, Invariant($"{time.TorchvisionMicroseconds:F1}"), Invariant($"{time.OurMicroseconds:F1}"),
                    Invariant($"{time.TorchvisionMicroseconds / time.OurMicroseconds:F1}"),
                })) + $"\n\nPyTorch {verdict.Version}."
            : findings.Machine is null ? null : "PyTorch and torchvision with CUDA were not installed.";

    private static string? Agreement(Findings findings) => findings.Path is not { } path ? null : Table(
        ["model", "images", "answers", "defects", "golden images", "result"],
        path.Agreements.Select(verdict => new[]
        {
            verdict.Model, Invariant($"{verdict.Images}"), Invariant($"{verdict.Answers}"), Invariant($"{verdict.Defects}"), Invariant($"{verdict.Goldens}"),
            verdict.Failures.Count == 0 ? "as on the CPU" : Invariant($"{verdict.Failures.Count} differ"),
        }));

    private static string? Copies(Findings findings) => findings.Path is not { } path ? null : Table(
        ["model", "batch", "to the device", "KB", "to the host", "KB", "copies a frame"],
        path.Copies.Select(CopyRow)) + "\n\nONNX Runtime's own: " + string.Join("; ", path.Placements.Select(
            placement => Invariant($"{placement.CopyNodes} of {placement.Nodes} nodes of {placement.Network}"))) + ".";

    private static string[] CopyRow(CopyVerdict verdict)
    {
        int up = verdict.Copies.Count(copy => copy.IsToDevice);
        long bytesUp = verdict.Copies.Where(copy => copy.IsToDevice).Sum(copy => copy.Bytes);
        long bytesDown = verdict.Copies.Where(copy => !copy.IsToDevice).Sum(copy => copy.Bytes);
        return
        [
            verdict.Model, Invariant($"{verdict.Batch}"), Invariant($"{up}"), Invariant($"{bytesUp / 1000.0:F1}"),
            Invariant($"{verdict.Copies.Count - up}"), Invariant($"{bytesDown / 1000.0:F1}"), Invariant($"{(double)verdict.Copies.Count / verdict.Batch:F1}"),
        ];
    }

    private static string? Stages(Findings findings) => findings.Path is not { } path ? null : Table(
        ["largest batch", "in hand", "letterbox, ms", "network 1", "detection", "RoIAlign", "network 2", "segmentation", "copies up", "copies down", "kernels and copies : networks"],
        path.Throughputs.Select(figure => new[]
        {
            Invariant($"{figure.Batch}"), Invariant($"{figure.InHand}"), Invariant($"{figure.Stages.Letterbox:F3}"), Invariant($"{figure.Stages.Stage1:F3}"),
            Invariant($"{figure.Stages.Detection:F3}"), Invariant($"{figure.Stages.RoiAlign:F3}"), Invariant($"{figure.Stages.Stage2:F3}"),
            Invariant($"{figure.Stages.Segmentation:F3}"), Invariant($"{figure.Stages.CopiesToDevice:F3}"), Invariant($"{figure.Stages.CopiesToHost:F3}"),
            Invariant($"{figure.Stages.BridgeShare:F2}"),
        }));

    private static string? Throughput(Findings findings) => findings.Path is not { } path ? null : Table(
        ["model", "largest batch", "in hand", "frames a second", "frames a batch", "ms, median", "limited by"],
        path.Throughputs.Select(figure => new[]
        {
            figure.Model, Invariant($"{figure.Batch}"), Invariant($"{figure.InHand}"), Invariant($"{figure.PerSecond:F1}"), Invariant($"{figure.MeanBatch:F1}"),
            Invariant($"{figure.Milliseconds:F2}"), figure.Limit,
        }));

    private static string? Server(Findings findings) => findings.Server.Count == 0 ? null : Table(
        ["load", "frames a second", "ms, median", "99 %", "server's CPU ms a frame"],
        findings.Server.Select(figure => new[]
        {
            figure.Label, Invariant($"{figure.PerSecond:F1}"), Shown(figure.P50), Shown(figure.P99), Shown(figure.CpuMilliseconds),
        }));

    private static string Shown(double? value) => value is null ? "–" : Invariant($"{value:F2}");

    private static string Table(string[] headings, IEnumerable<string[]> rows) =>
        string.Join('\n', new[] { headings, Array.ConvertAll(headings, _ => "---") }.Concat(rows).Select(row => $"| {string.Join(" | ", row)} |"));
}

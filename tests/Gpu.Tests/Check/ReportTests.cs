using System.Diagnostics;
using System.Text.RegularExpressions;
using YMaskNet.Gpu.Tests.StandIn;
using YMaskNet.Perf.Gpu.Reports;
using YMaskNet.Perf.Gpu.Timing;
using YMaskNet.Perf.Gpu.Torchvision;
using YMaskNet.Perf.Gpu.Verification;
using YMaskNet.Perf.Gpu.WholePath;

namespace YMaskNet.Gpu.Tests.Check;

/// <summary>What becomes of the parts' findings.</summary>
public sealed class ReportTests : IDisposable
{
    private const string Load =
        """{"label":"batches to 4","result":{"seconds":5.0,"inspected":1000,"refused":0,"dropped":0,"late":0,"failed":0,"p50":3.5,"p95":5,"p99":7.25,"p999":9,"max":9,"server":{"cpu_seconds":2.5,"allocated_bytes":1,"gen2_collections":0,"resident_start_bytes":1,"resident_end_bytes":1},"per_second":200.0}}""";

    private readonly string _folder = Directory.CreateTempSubdirectory("ymasknet-report-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Read_WhatThePartsWrote_ComesBackAndPasses()
    {
        ReportFolder folder = WriteAll();

        Findings findings = Findings.Read(folder);

        Assert.Empty(findings.Failures());
        string document = ReportDocument.Create(findings);
        Assert.StartsWith("# GPU check\n\nEverything is right.\n", document, StringComparison.Ordinal);
        Assert.DoesNotContain(ReportTables.NotRun, document, StringComparison.Ordinal);
        Assert.Contains("| letterbox | 87 | CPU operators, the emulation's bits | right |", document, StringComparison.Ordinal);
        Assert.Contains("| memcheck | nothing found |", document, StringComparison.Ordinal);
        Assert.Contains("| letterbox | pcb/1 | 4 | 8.0 | 8192 | 4.0 | 50 % |", document, StringComparison.Ordinal);
        Assert.Contains("| NMS | 300.0 | 100.0 | 3.0 |", document, StringComparison.Ordinal);
        Assert.Contains("| pcb/1 | 8 | 16 | 20 | 1 | as on the CPU |", document, StringComparison.Ordinal);
        Assert.Contains("| pcb/1 | 1 | 2 | 409.7 | 1 | 2.0 | 3.0 |", document, StringComparison.Ordinal);
        Assert.Contains("| batches to 4 | 200.0 | 3.50 | 7.25 | 2.50 |", document, StringComparison.Ordinal);
        Assert.Contains("Example GPU, 80 GB, compute capability 9.0; driver 580.65.06 for CUDA 13.0; ONNX Runtime 1.29.0, provider for CUDA 13; 16 cores.", document, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("sanitizer.tsv", "racecheck\t9", "compute-sanitizer's racecheck found something: see sanitizer-racecheck.txt")]
    [InlineData("problems.txt", "the server did not start", "the server did not start")]
    public void Failures_AfterALineOfTheScript_NameIt(string file, string line, string expected)
    {
        ReportFolder folder = WriteAll();
        File.AppendAllText(Path.Combine(_folder, file), line + "\n");

        Assert.Equal([expected], Findings.Read(folder).Failures());
    }

    [Theory]
    [InlineData(Parts.Machine)]
    [InlineData(Parts.Verification)]
    [InlineData(Parts.Kernels)]
    [InlineData(Parts.Path)]
    public void Failures_APartThatDidNotRun_IsNamed(string part)
    {
        ReportFolder folder = WriteAll();
        File.Delete(Path.Combine(_folder, $"{part}.json"));

        Assert.Equal([$"the part '{part}' has not run to its end"], Findings.Read(folder).Failures());
    }

    [Fact]
    public void Failures_OfEveryPart_AreAllThere()
    {
        ReportFolder folder = WriteAll();
        folder.Write(Parts.Verification, new[] { new KernelVerdict("suppress", 35, false, ["suppress, 2 candidates: wrong"]) });
        folder.Write(Parts.Torchvision, new TorchvisionVerdict("2.9", [], ["RoIAlign differs"]));
        folder.Write(Parts.Path, new PathVerdict(
            [new AgreementVerdict("pcb/1", 1, 1, 1, 1, ["an answer differs"])],
            [new PlacementVerdict("pcb/1 Stage1", 5, 1, ["a copy in the network"])],
            [new CopyVerdict("pcb/1", 1, [], ["a copy too many"])],
            [],
            ["a golden image differs"]));

        Assert.Equal(
            ["suppress, 2 candidates: wrong", "RoIAlign differs", "a golden image differs", "an answer differs", "a copy in the network", "a copy too many"],
            Findings.Read(folder).Failures());
    }

    [Theory]
    [InlineData("machine.json", "{", "is not what this program writes")]
    [InlineData("sanitizer.tsv", "memcheck", "is not a tool of compute-sanitizer")]
    [InlineData("server.jsonl", "{\"label\":\"x\"}", "is not what ymasknet-load writes")]
    public void Read_AFileThatIsNotOurs_SaysWhichAndWhy(string file, string text, string expected)
    {
        ReportFolder folder = WriteAll();
        File.WriteAllText(Path.Combine(_folder, file), text);

        InvalidDataException error = Assert.Throws<InvalidDataException>(() => Findings.Read(folder));

        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Fill_MarkedTables_AreWrittenAnewAndNothingElse()
    {
        const string Document = "before\n<!-- table: verification -->\nold\n<!-- end -->\nafter\n<!-- table: server -->\nold\n<!-- end -->\n";

        string filled = ReportDocument.Fill(Document, new Findings { Verification = [new KernelVerdict("suppress", 35, true, [])] });

        Assert.StartsWith("before\n<!-- table: verification -->\n| kernel | cases |", filled, StringComparison.Ordinal);
        Assert.EndsWith($"right |\n<!-- end -->\nafter\n<!-- table: server -->\n{ReportTables.NotRun}\n<!-- end -->\n", filled, StringComparison.Ordinal);
        InvalidDataException error = Assert.Throws<InvalidDataException>(
            () => ReportDocument.Fill("<!-- table: speed -->\n<!-- end -->", new Findings()));
        Assert.Contains("There is no table 'speed'; there are verification, ", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Document_HasAPlaceForEveryTable_AndShowsTheCommittedFigures()
    {
        string root = RepositoryFolder.Find();
        string document = File.ReadAllText(Path.Combine(root, "docs", "gpu.md"));

        Assert.Equal(ReportTables.Names, Regex.Matches(document, @"<!-- table: (\w+) -->").Select(match => match.Groups[1].Value));
        Assert.Equal(ReportDocument.Fill(document, Findings.Read(new ReportFolder(Path.Combine(root, "docs", "gpu")))), document);
    }

    [Theory]
    [InlineData("NVRM version: NVIDIA UNIX x86_64 Kernel Module  550.54.15  Tue Mar  5 22:23:56 UTC 2024\nGCC version: gcc 12.2.0\n", "550.54.15")]
    [InlineData("NVRM version: NVIDIA UNIX Open Kernel Module for x86_64  580.65.06  Release Build\n", "580.65.06")]
    [InlineData("GCC version\n", null)]
    [InlineData("", null)]
    public void DriverVersion_OfTheSystemsFile_IsTheModules(string text, string? expected)
    {
        string path = Path.Combine(_folder, "version");
        File.WriteAllText(path, text);

        Assert.Equal(expected, DriverVersion.Read(path));
        Assert.Null(DriverVersion.Read(Path.Combine(_folder, "nothing")));
    }

    [Fact]
    public void Program_NoDriver_SaysWhyInOneLineAndExitsWith6()
    {
        Assert.SkipWhen(StandInDriver.MachineHasDriver(), "skipped: this machine has a CUDA driver of its own");
        ProcessStartInfo start = new("dotnet", [typeof(Findings).Assembly.Location, "machine", "--out", _folder]) { RedirectStandardError = true };
        using Process process = Process.Start(start)!;
        string errors = process.StandardError.ReadToEnd();
        process.WaitForExit();

        Assert.Equal((6, "ymasknet-gpu-check: can't run on cuda:0: There is no CUDA driver on this machine: its library cannot be loaded.\n"), (process.ExitCode, errors));
    }

    private ReportFolder WriteAll()
    {
        ReportFolder folder = new(_folder);
        StageShares stages = new(0.1, 1, 0.1, 0.1, 1, 0.1, 0.05, 0.05);
        folder.Write(Parts.Machine, new GpuMachine("Example GPU", 0, "9.0", 80, "580.65.06", "13.0", "1.29.0", "CUDA 13", null, 16));
        folder.Write(Parts.Verification, new[] { new KernelVerdict("letterbox", 87, true, []) });
        folder.Write(Parts.Kernels, new KernelSpeeds(new Bandwidths(2000, 25, 26), [new KernelTime("letterbox", "pcb/1", 4, 8, 8_192_000, 4)]));
        folder.Write(Parts.Torchvision, new TorchvisionVerdict("2.9", [new TorchvisionTime("NMS", 300, 100)], []));
        folder.Write(Parts.Path, new PathVerdict(
            [new AgreementVerdict("pcb/1", 8, 16, 20, 1, [])],
            [new PlacementVerdict("pcb/1 Stage1", 60, 0, [])],
            [new CopyVerdict("pcb/1", 1, [new Copy(true, 409_600), new Copy(true, 80), new Copy(false, 2000)], [])],
            [new ThroughputFigure("pcb/1", 1, 2, 500, 1, 4, stages, "the first network: 50 % of the time")],
            []));
        folder.WriteText("sanitizer.tsv", "memcheck\t0\n");
        folder.WriteText("server.jsonl", Load + "\n");
        return folder;
    }
}

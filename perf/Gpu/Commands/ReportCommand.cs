using System.CommandLine;
using YMaskNet.Perf.Gpu.Reports;

namespace YMaskNet.Perf.Gpu.Commands;

/// <summary><c>report</c>: one report of what all parts found.</summary>
internal static class ReportCommand
{
    public static Command Create()
    {
        Option<string> folder = CheckOptions.Out();
        Option<string?> document = new("--document") { Description = "A document whose marked tables are to be written anew." };
        Command command = new("report", "Writes report.json and report.md of what the other commands found; exit status 1 where anything is wrong.") { folder, document };
        command.SetAction(parsed =>
        {
            ReportFolder report = new(parsed.GetValue(folder)!);
            Findings findings = Findings.Read(report);
            report.Write("report", findings);
            report.WriteText("report.md", ReportDocument.Create(findings));
            if (parsed.GetValue(document) is { } path)
                File.WriteAllText(path, ReportDocument.Fill(File.ReadAllText(path), findings));
            IReadOnlyList<string> failures = findings.Failures();
            foreach (string failure in failures)
                Console.Error.WriteLine($"ymasknet-gpu-check: {failure}");
            Console.WriteLine($"{(failures.Count == 0 ? "Everything is right" : $"Wrong: {failures.Count}")}; see {parsed.GetValue(folder)}/report.md");
            return failures.Count == 0 ? 0 : 1;
        });
        return command;
    }
}

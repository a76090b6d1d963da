using System.Text;
using System.Text.RegularExpressions;

namespace YMaskNet.Perf.Gpu.Reports;

/// <summary>The report as a document of its own, and its tables in the places that another document has for them.</summary>
internal static partial class ReportDocument
{
    /// <summary>All tables, and what is wrong.</summary>
    public static string Create(Findings findings)
    {
        StringBuilder text = new("# GPU check\n\n");
        IReadOnlyList<string> failures = findings.Failures();
        text.Append(failures.Count == 0 ? "Everything is right.\n" : $"Wrong: {failures.Count}\n\n");
        foreach (string failure in failures)
            text.Append("- ").Append(failure.ReplaceLineEndings(" ")).Append('\n');
        foreach (string name in ReportTables.Names)
            text.Append("\n## ").Append(ReportTables.TitleOf(name)).Append("\n\n").Append(ReportTables.Create(name, findings)).Append('\n');
        return text.ToString();
    }

    /// <summary>A document with its tables written anew: each stands between <c>&lt;!-- table: NAME --&gt;</c> and <c>&lt;!-- end --&gt;</c>.</summary>
    /// <exception cref="InvalidDataException">It has a place for a table that there is not.</exception>
    public static string Fill(string document, Findings findings) => Place().Replace(document, match =>
    {
        string name = match.Groups["name"].Value;
        return ReportTables.Names.Contains(name)
            ? $"{match.Groups["start"].Value}{ReportTables.Create(name, findings)}\n{match.Groups["end"].Value}"
            : throw new InvalidDataException($"There is no table '{name}'; there are {string.Join(", ", ReportTables.Names)}.");
    });

    [GeneratedRegex(@"(?<start><!-- table: (?<name>\w+) -->\n).*?(?<end><!-- end -->)", RegexOptions.Singleline | RegexOptions.CultureInvariant)]
    private static partial Regex Place();
}

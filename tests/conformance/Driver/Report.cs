using System.Text;
using System.Text.RegularExpressions;

namespace YMaskNet.Conformance.Driver;

/// <summary>The table of clients and cases.</summary>
internal static partial class Report
{
    /// <summary>The table in Markdown, a row for each case, a column for each client.</summary>
    /// <param name="clients">The clients' names.</param>
    /// <param name="results">What came of a case with a client.</param>
    public static string Table(IReadOnlyList<string> clients, IEnumerable<(string Case, IReadOnlyList<CaseResult> Results)> results)
    {
        StringBuilder table = new();
        table.AppendLine($"| case | {string.Join(" | ", clients)} |");
        table.AppendLine($"|---|{string.Concat(clients.Select(_ => "---|"))}");
        foreach ((string name, IReadOnlyList<CaseResult> cells) in results)
            table.AppendLine($"| `{name}` | {string.Join(" | ", cells.Select(Cell))} |");
        return table.ToString();
    }

    /// <summary>Writes the table into a document, between <c>&lt;!-- table --&gt;</c> and <c>&lt;!-- end --&gt;</c>.</summary>
    public static void WriteInto(string document, string table)
    {
        string text = File.ReadAllText(document);
        if (!Place().IsMatch(text))
            throw new InvalidDataException($"{document} has no place for the table.");
        File.WriteAllText(document, Place().Replace(text, match => $"{match.Groups[1].Value}{table}{match.Groups[2].Value}"));
    }

    private static string Cell(CaseResult result) => result switch
    {
        { Skipped: { } why } => why,
        { Wrong: null } => "passed",
        _ => "**failed**",
    };

    [GeneratedRegex("(<!-- table -->\n).*?(<!-- end -->)", RegexOptions.Singleline)]
    private static partial Regex Place();
}

/// <summary>What came of a case with a client.</summary>
/// <param name="Skipped">Why it was not run; <see langword="null"/> where it was.</param>
/// <param name="Wrong">What is wrong; <see langword="null"/> where nothing is.</param>
internal sealed record CaseResult(string? Skipped, string? Wrong);

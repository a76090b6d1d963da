using System.Text.RegularExpressions;

namespace YMaskNet.Conformance.Driver;

/// <summary>Whether every reason that the server gives has a case, or stands among those that have none.</summary>
internal static partial class ReasonCoverage
{
    /// <summary>What is wrong, one sentence each.</summary>
    /// <param name="lines">What the cases gave.</param>
    /// <param name="withoutACase">Reasons that no case has.</param>
    public static IEnumerable<string> Check(IEnumerable<string> lines, IReadOnlyDictionary<string, string> withoutACase)
    {
        HashSet<string> seen = [.. lines.SelectMany(line => Reason().Matches(line)).Select(match => match.Value)];
        HashSet<string> given = [.. Sources().SelectMany(file => Literal().Matches(File.ReadAllText(file))).Select(match => match.Groups[1].Value)];
        foreach (string reason in given.Except(seen).Except(withoutACase.Keys).Order(StringComparer.Ordinal))
            yield return $"{reason} has no case; give it one, or say in cases.json why there is none";
        foreach (string reason in withoutACase.Keys.Where(seen.Contains))
            yield return $"{reason} has a case; cases.json says it has none";
        foreach (string reason in withoutACase.Keys.Except(given))
            yield return $"{reason} stands in cases.json, but the server does not give it";
    }

    private static IEnumerable<string> Sources() =>
        ((IEnumerable<string>)["Server", "Inference"])
            .SelectMany(room => Directory.EnumerateFiles(Repository.At("src", room), "*.cs", SearchOption.AllDirectories))
            .Where(file => !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal));

    [GeneratedRegex(@"\b[A-Z]+(_[A-Z]+)*\b")]
    private static partial Regex Reason();

    // Reasons are the only literals of capitals and underscores; INTERNAL alone has none.
    [GeneratedRegex("\"([A-Z]+(?:_[A-Z]+)+|INTERNAL)\"")]
    private static partial Regex Literal();
}

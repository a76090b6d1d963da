using System.Text.Json.Nodes;

namespace YMaskNet.Conformance.Driver;

/// <summary>Says what is wrong with a client's outcome of a case.</summary>
internal static class Judge
{
    private const string Error = "error ";

    /// <summary>What is wrong; <see langword="null"/>: nothing.</summary>
    /// <param name="item">The case.</param>
    /// <param name="outcome">What came of it.</param>
    /// <param name="golden">What it gives; <see langword="null"/> where that is not written down.</param>
    /// <param name="others">What another client gave, which this one is held against; <see langword="null"/>: none.</param>
    /// <param name="othersName">That client.</param>
    public static string? WhatIsWrong(JsonNode item, CaseOutcome? outcome, string[]? golden, string[]? others, string othersName)
    {
        if (outcome is null)
            return "its runner gave no outcome";
        if (outcome.Lines is not { } lines)
            return $"its runner failed: {outcome.Crash}";
        return AgainstExpectation(lines, (string?)item["expect"])
            ?? (golden is null ? null : Difference("the golden", golden, GoldenText.Of(lines)))
            ?? (others is null ? null : Difference($"the {othersName} client", others, lines));
    }

    private static string? AgainstExpectation(string[] lines, string? expected)
    {
        if (expected is null)
            return lines is [var first, ..] && first.StartsWith(Error, StringComparison.Ordinal) ? $"failed with: {first}" : null;

        string[] wanted = [Error.Trim(), .. expected.Split(' ')];
        return lines is [var only] && only.Split(' ').Take(wanted.Length).SequenceEqual(wanted)
            ? null
            : $"was to be refused with {expected}, gave: {string.Join(" | ", lines)}";
    }

    private static string? Difference(string name, string[] wanted, string[] lines)
    {
        for (int index = 0; index < Math.Max(wanted.Length, lines.Length); index++)
        {
            string? want = wanted.ElementAtOrDefault(index);
            string? got = lines.ElementAtOrDefault(index);
            if (want != got)
                return $"differs from {name} in line {index + 1}:\n    {name}: {want ?? "no line"}\n    this client: {got ?? "no line"}";
        }

        return null;
    }
}

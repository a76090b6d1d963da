using System.Text.Json.Nodes;

namespace YMaskNet.Conformance.Driver;

/// <summary>Runs all clients' cases, compares, and reports.</summary>
internal sealed class SuiteRun(IReadOnlyList<ClientProgram> clients, IReadOnlyList<string> missing, string output)
{
    /// <summary>The client that others are held against.</summary>
    private string Reference => clients[0].Name;

    /// <summary>Writes the goldens anew, from the first client.</summary>
    public bool WritesGoldens { get; init; }

    /// <summary>A document to write the table into.</summary>
    public string? Document { get; init; }

    /// <summary>Runs.</summary>
    /// <returns>Whether nothing failed.</returns>
    public async Task<bool> RunAsync()
    {
        string folder = Directory.CreateTempSubdirectory("ymasknet-conformance-").FullName;
        try
        {
            CaseFile file = new(folder);
            Dictionary<string, Dictionary<string, CaseOutcome>> outcomes = await RunClientsAsync(file, folder);
            if (WritesGoldens)
                WriteGoldens(file, outcomes[Reference]);
            return Conclude(file, outcomes);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private async Task<Dictionary<string, Dictionary<string, CaseOutcome>>> RunClientsAsync(CaseFile file, string folder)
    {
        using SuiteServers servers = await SuiteServers.StartAsync(folder);
        Dictionary<string, Dictionary<string, CaseOutcome>> outcomes = [];
        foreach (ClientProgram client in clients)
            outcomes[client.Name] = await client.RunCasesAsync(file.WriteFor(client.Name, servers));
        return outcomes;
    }

    private static void WriteGoldens(CaseFile file, Dictionary<string, CaseOutcome> outcomes) =>
        Goldens.Write(file.Cases.Where(HasGolden).ToDictionary(NameOf, item => GoldenText.Of(outcomes[NameOf(item)].Lines ?? [])));

    private bool Conclude(CaseFile file, Dictionary<string, Dictionary<string, CaseOutcome>> outcomes)
    {
        Dictionary<string, string[]> goldens = Goldens.Read();
        string[] columns = [.. clients.Select(client => client.Name), .. missing];
        List<(string Case, IReadOnlyList<CaseResult> Results)> rows = [];
        foreach (JsonNode item in file.Cases)
            rows.Add((NameOf(item), [.. columns.Select(column => ResultOf(file, item, column, outcomes, goldens))]));

        int passed = 0, failed = 0, skipped = 0;
        foreach ((string name, IReadOnlyList<CaseResult> results) in rows)
        {
            foreach ((string column, CaseResult result) in columns.Zip(results))
            {
                if (result.Wrong is { } wrong)
                    Console.WriteLine($"failed: {column} {name}: {wrong}");
                (passed, failed, skipped) = result switch
                {
                    { Skipped: not null } => (passed, failed, skipped + 1),
                    { Wrong: not null } => (passed, failed + 1, skipped),
                    _ => (passed + 1, failed, skipped),
                };
            }
        }

        foreach (string gap in Gaps(file, outcomes))
        {
            Console.WriteLine($"failed: reasons: {gap}");
            failed++;
        }

        WriteReports(columns, rows, outcomes);
        Console.WriteLine($"{passed} passed, {failed} failed, {skipped} skipped");
        return failed == 0;
    }

    private CaseResult ResultOf(
        CaseFile file,
        JsonNode item,
        string column,
        Dictionary<string, Dictionary<string, CaseOutcome>> outcomes,
        Dictionary<string, string[]> goldens)
    {
        if (file.WhyNotOffered(item, column) is { } why)
            return new CaseResult(why, null);
        if (!outcomes.TryGetValue(column, out Dictionary<string, CaseOutcome>? mine))
            return new CaseResult("not run", null);

        // A case that is to have a golden and has none differs from it.
        string[]? golden = HasGolden(item) ? goldens.GetValueOrDefault(NameOf(item), []) : null;
        string[]? others = column == Reference ? null : outcomes[Reference].GetValueOrDefault(NameOf(item))?.Lines;
        return new CaseResult(null, Judge.WhatIsWrong(item, mine.GetValueOrDefault(NameOf(item)), golden, others, Reference));
    }

    private IEnumerable<string> Gaps(CaseFile file, Dictionary<string, Dictionary<string, CaseOutcome>> outcomes) =>
        ReasonCoverage.Check(outcomes[Reference].Values.SelectMany(outcome => outcome.Lines ?? []), file.ReasonsWithoutACase);

    private void WriteReports(
        string[] columns,
        List<(string Case, IReadOnlyList<CaseResult> Results)> rows,
        Dictionary<string, Dictionary<string, CaseOutcome>> outcomes)
    {
        Directory.CreateDirectory(output);
        string table = Report.Table(columns, rows);
        File.WriteAllText(Path.Combine(output, "table.md"), table);
        foreach ((string client, Dictionary<string, CaseOutcome> mine) in outcomes)
        {
            File.WriteAllLines(
                Path.Combine(output, $"{client}.txt"),
                mine.SelectMany(pair => (IEnumerable<string>)[$"== {pair.Key}", .. pair.Value.Lines ?? [pair.Value.Crash ?? ""]]));
        }

        if (Document is not null)
            Report.WriteInto(Document, table);
    }

    private static string NameOf(JsonNode item) => (string)item["name"]!;

    private static bool HasGolden(JsonNode item) => (bool?)item["golden"] ?? true;
}

using System.Diagnostics;
using System.Text.Json.Nodes;

namespace YMaskNet.Conformance.Driver;

/// <summary>A client's runner: a program that runs cases and prints a line of JSON for each.</summary>
/// <param name="Name">The client's language.</param>
/// <param name="Command">The program and its first arguments.</param>
internal sealed record ClientProgram(string Name, IReadOnlyList<string> Command)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    /// <summary>Reads <c>NAME=COMMAND</c>, the command's parts parted by spaces.</summary>
    public static ClientProgram Parse(string text)
    {
        int equals = text.IndexOf('=', StringComparison.Ordinal);
        return equals > 0
            ? new ClientProgram(text[..equals], text[(equals + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries))
            : throw new FormatException($"'{text}' is no NAME=COMMAND.");
    }

    /// <summary>Runs the cases of a file; what came of each, by its name.</summary>
    public async Task<Dictionary<string, CaseOutcome>> RunCasesAsync(string file)
    {
        Dictionary<string, CaseOutcome> outcomes = [];
        await foreach (JsonNode line in RunAsync(["cases", file]))
            outcomes[(string)line["name"]!] = new CaseOutcome(line["lines"]?.AsArray().GetValues<string>().ToArray(), (string?)line["crashed"]);
        return outcomes;
    }

    /// <summary>Runs the program, and gives the lines of JSON that it prints.</summary>
    /// <exception cref="InvalidOperationException">It could not be started, ended badly, or took too long.</exception>
    public async IAsyncEnumerable<JsonNode> RunAsync(IEnumerable<string> arguments)
    {
        ProcessStartInfo start = new(Command[0], [.. Command.Skip(1), .. arguments]) { RedirectStandardOutput = true };
        using Process process = Process.Start(start) ?? throw new InvalidOperationException($"{Command[0]} was not started.");
        using Timer patience = new(_ => process.Kill(entireProcessTree: true), null, Patience, Timeout.InfiniteTimeSpan);
        while (await process.StandardOutput.ReadLineAsync() is { } line)
            yield return JsonNode.Parse(line)!;
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
            await Console.Error.WriteLineAsync($"The {Name} client's runner ended with exit status {process.ExitCode}.");
    }
}

/// <summary>What came of a case: its lines, or what the runner could not cope with.</summary>
internal sealed record CaseOutcome(string[]? Lines, string? Crash);

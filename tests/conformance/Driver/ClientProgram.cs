using System.Diagnostics;
using System.Text.Json.Nodes;

namespace YMaskNet.Conformance.Driver;

/// <summary>A client's runner: a program that runs cases and prints a line of JSON for each.</summary>
/// <param name="Name">The client's language.</param>
/// <param name="Command">The program and its first arguments.</param>
internal sealed record ClientProgram(string Name, IReadOnlyList<string> Command)
{
    /// <summary>How long cases may take; a client that hangs must not hold up the suite.</summary>
    private static readonly TimeSpan CasesPatience = TimeSpan.FromMinutes(10);

    /// <summary>How long a hundred thousand frames may take on a busy machine.</summary>
    private static readonly TimeSpan FramesPatience = TimeSpan.FromHours(2);

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
        await foreach (JsonNode line in RunAsync(["cases", file], CasesPatience))
            outcomes[(string)line["name"]!] = new CaseOutcome(line["lines"]?.AsArray().GetValues<string>().ToArray(), (string?)line["crashed"]);
        return outcomes;
    }

    /// <summary>Sends many frames; the figures that the program prints.</summary>
    /// <exception cref="InvalidOperationException">It printed none: it failed, or took too long.</exception>
    public ValueTask<JsonNode> RunFramesAsync(IEnumerable<string> arguments) => RunAsync(arguments, FramesPatience).SingleAsync();

    private async IAsyncEnumerable<JsonNode> RunAsync(IEnumerable<string> arguments, TimeSpan patience)
    {
        ProcessStartInfo start = new(Command[0], [.. Command.Skip(1), .. arguments]) { RedirectStandardOutput = true };
        using Process process = Process.Start(start) ?? throw new InvalidOperationException($"{Command[0]} was not started.");
        using Timer hung = new(_ => process.Kill(entireProcessTree: true), null, patience, Timeout.InfiniteTimeSpan);
        while (await process.StandardOutput.ReadLineAsync() is { } line)
            yield return JsonNode.Parse(line)!;
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
            await Console.Error.WriteLineAsync($"The {Name} client's runner ended with exit status {process.ExitCode}.");
    }
}

/// <summary>What came of a case: its lines, or what the runner could not cope with.</summary>
internal sealed record CaseOutcome(string[]? Lines, string? Crash);

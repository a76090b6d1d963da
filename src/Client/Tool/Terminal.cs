using System.Text;
using Spectre.Console;

namespace YMaskNet.Client.Tool;

/// <summary>Where the tool writes, and whether a person is watching.</summary>
/// <param name="Out">Results.</param>
/// <param name="OutIsTerminal">Whether <paramref name="Out"/> is a screen.</param>
/// <param name="Error">Errors; also everything for people where <paramref name="Out"/> carries JSON.</param>
/// <param name="ErrorIsTerminal">Whether <paramref name="Error"/> is a screen.</param>
internal sealed record Terminal(TextWriter Out, bool OutIsTerminal, TextWriter Error, bool ErrorIsTerminal)
{
    // A file has no right margin: nothing is wrapped, so that a line stays a line for grep.
    private const int PlainWidth = 10_000;

    public static Terminal OfProcess()
    {
        Console.OutputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
        return new Terminal(Console.Out, !Console.IsOutputRedirected, Console.Error, !Console.IsErrorRedirected);
    }

    /// <summary>A console for people. It leaves standard output alone when that carries JSON.</summary>
    public IAnsiConsole OpenConsole(bool outCarriesJson)
    {
        (TextWriter writer, bool isTerminal) = outCarriesJson ? (Error, ErrorIsTerminal) : (Out, OutIsTerminal);
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(writer),
            Ansi = isTerminal ? AnsiSupport.Detect : AnsiSupport.No,
            Interactive = isTerminal ? InteractionSupport.Detect : InteractionSupport.No,
        });
        if (!isTerminal)
            console.Profile.Width = PlainWidth;
        return console;
    }

    public void WriteError(string message) => Error.WriteLine($"ymasknet: {message}");
}

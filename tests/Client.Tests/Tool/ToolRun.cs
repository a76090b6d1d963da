using YMaskNet.Client.Tool;

namespace YMaskNet.Client.Tests.Tool;

/// <summary>What one run of the command line tool left behind.</summary>
internal sealed record ToolRun(int ExitCode, string Out, string Error)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public static async Task<ToolRun> RunAsync(params string[] args)
    {
        StringWriter output = new() { NewLine = "\n" };
        StringWriter error = new() { NewLine = "\n" };
        Terminal terminal = new(output, OutIsTerminal: false, error, ErrorIsTerminal: false);
        int exitCode = await YMaskNetTool.RunAsync(args, terminal).WaitAsync(Patience);
        return new ToolRun(exitCode, output.ToString(), error.ToString());
    }

    public string[] OutLines => Out.Split('\n', StringSplitOptions.RemoveEmptyEntries);
}

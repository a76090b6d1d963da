using System.CommandLine;
using Grpc.Core;
using YMaskNet.Client.Tool.Commands;

namespace YMaskNet.Client.Tool;

/// <summary>The command line tool: its commands, and what each way to fail means to the shell.</summary>
internal static class YMaskNetTool
{
    public static async Task<int> RunAsync(string[] args, Terminal terminal)
    {
        RootCommand root = new("Inspects images with a YMaskNet server.")
        {
            InspectCommand.Create(terminal),
            BoardCommand.Create(terminal),
            ModelsCommand.Create(terminal),
            PlacementCommand.Create(terminal),
        };

        ParseResult parsed = root.Parse(args);
        if (parsed.Errors.Count > 0)
        {
            foreach (string message in parsed.Errors.Select(error => OnOneLine(error.Message)).Distinct())
                terminal.WriteError(message);
            terminal.Error.WriteLine("Try 'ymasknet --help' or 'ymasknet inspect --help'.");
            return ExitCode.Usage;
        }

        try
        {
            return await parsed.InvokeAsync(new InvocationConfiguration
            {
                Output = terminal.Out,
                Error = terminal.Error,
                EnableDefaultExceptionHandler = false,
            });
        }
        catch (OperationCanceledException)
        {
            terminal.WriteError("interrupted");
            return ExitCode.Interrupted;
        }
        catch (UsageException exception)
        {
            terminal.WriteError(exception.Message);
            return ExitCode.Usage;
        }
        catch (InspectionFailedException exception) when (exception.StatusCode == StatusCode.Unavailable)
        {
            terminal.WriteError($"server at {parsed.GetValue(ServerOption.Instance)} is not reachable: {WhyUnreachable(exception)}");
            return ExitCode.ServerUnreachable;
        }
        catch (InspectionFailedException exception) when (exception.StatusCode == StatusCode.Unauthenticated)
        {
            terminal.WriteError($"{exception.Message} --token-file or {ServerConnection.TokenVariable} gives one.");
            return ExitCode.Usage;
        }
        catch (InspectionFailedException exception)
        {
            terminal.WriteError(exception.Message);
            return exception.StatusCode is StatusCode.NotFound or StatusCode.InvalidArgument or StatusCode.FailedPrecondition
                ? ExitCode.Usage
                : ExitCode.Failed;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            terminal.WriteError(exception.Message);
            return ExitCode.Failed;
        }
    }

    private static string OnOneLine(string message) =>
        string.Join(' ', message.Split(['\r', '\n', '\t', ' '], StringSplitOptions.RemoveEmptyEntries));

    /// <summary>What the server said when it stopped, or what the network said when there was none.</summary>
    private static string WhyUnreachable(InspectionFailedException exception)
    {
        Exception? cause = (exception.InnerException as RpcException)?.Status.DebugException;
        return exception.Reason.Length == 0 && cause is not null ? cause.GetBaseException().Message : exception.Message;
    }
}

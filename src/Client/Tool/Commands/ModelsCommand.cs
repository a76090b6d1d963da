using System.CommandLine;
using YMaskNet.Client.Tool.Reports;
using YMaskNet.V1;

namespace YMaskNet.Client.Tool.Commands;

/// <summary><c>ymasknet models</c>: what the server holds.</summary>
internal static class ModelsCommand
{
    public static Command Create(Terminal terminal)
    {
        Command command = new("models", "Lists the server's models.");
        ConnectionOptions.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using InspectionClient client = ConnectionOptions.Read(parsed).Open();
            ListModelsResponse models = await client.ListModelsAsync(cancellationToken);
            ModelTable.Write(terminal.OpenConsole(outCarriesJson: false), models);
            return ExitCode.Success;
        });
        return command;
    }
}

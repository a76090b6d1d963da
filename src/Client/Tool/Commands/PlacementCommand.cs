using System.CommandLine;
using YMaskNet.Client.Tool.Reports;
using YMaskNet.V1;

namespace YMaskNet.Client.Tool.Commands;

/// <summary><c>ymasknet placement</c>: on what a model runs, node by node.</summary>
internal static class PlacementCommand
{
    public static Command Create(Terminal terminal)
    {
        Option<string> model = new("--model")
        {
            Description = "NAME or NAME/VERSION. Default: the server's default model.",
            HelpName = "MODEL",
            DefaultValueFactory = _ => "",
        };
        Option<bool> nodes = new("--nodes") { Description = "Lists every node." };
        Command command = new("placement", "Shows where the nodes of a model's networks, and the operators around them, run.")
        {
            model, nodes,
        };
        ConnectionOptions.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using InspectionClient client = ConnectionOptions.Read(parsed).Open();
            GetPlacementResponse placement = await client.GetPlacementAsync(parsed.GetValue(model)!, cancellationToken);
            PlacementTable.Write(terminal.OpenConsole(outCarriesJson: false), placement, parsed.GetValue(nodes));
            return ExitCode.Success;
        });
        return command;
    }
}

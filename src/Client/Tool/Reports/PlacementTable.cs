using Spectre.Console;
using YMaskNet.V1;

namespace YMaskNet.Client.Tool.Reports;

/// <summary>Shows where a model runs: of each network how many nodes in which execution provider, and each operator's device.</summary>
internal static class PlacementTable
{
    /// <param name="console">Where to write.</param>
    /// <param name="placement">What to show.</param>
    /// <param name="each">Whether every node gets a row.</param>
    public static void Write(IAnsiConsole console, GetPlacementResponse placement, bool each)
    {
        Table table = new Table { Border = TableBorder.Simple }.AddColumns("part", "runs", "on");
        foreach (NetworkPlacement network in placement.Networks)
        {
            foreach (IGrouping<string, NodePlacement> provider in network.Nodes.GroupBy(node => node.ExecutionProvider))
                table.AddRow(new Text(network.Path), new Text(Plural.Of(provider.Count(), "node")), new Text(provider.Key));
            foreach (NodePlacement node in each ? network.Nodes : [])
                table.AddRow(new Text(""), new Text($"{node.OperatorType} {node.Name}"), new Text(node.ExecutionProvider));
        }

        foreach (OperatorPlacement placed in placement.Operators)
            table.AddRow(new Text("around them"), new Text(placed.Operation), new Text(placed.Device));
        console.WriteLine($"{placement.Model.Name}/{placement.Model.Version}");
        console.Write(table);
    }
}

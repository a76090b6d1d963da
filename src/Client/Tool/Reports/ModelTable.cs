using System.Globalization;
using Spectre.Console;
using YMaskNet.Client.Tool.Inspection;
using YMaskNet.V1;

namespace YMaskNet.Client.Tool.Reports;

/// <summary>Shows the models that a server holds; the default one is marked.</summary>
internal static class ModelTable
{
    public static void Write(IAnsiConsole console, ListModelsResponse models)
    {
        Table table = new Table { Border = TableBorder.Simple }
            .AddColumns("model", "architecture", "tasks", "input", "classes", "device", "accuracy");
        foreach (Model model in models.Models)
        {
            string reference = $"{model.Reference.Name}/{model.Reference.Version}";
            table.AddRow(
                new Text(reference == models.DefaultModel ? $"{reference} (default)" : reference),
                new Text(model.Architecture),
                new Text(string.Join(", ", model.Tasks.Select(TaskNames.Of))),
                new Text($"{model.InputSize.Width} x {model.InputSize.Height} x {model.InputChannels}"),
                new Text(string.Join(", ", model.ClassNames)),
                new Text($"{model.Device} ({model.ExecutionProvider}, {model.Precision})"),
                new Text(string.Join('\n', model.Accuracy.OrderBy(measure => measure.Key, StringComparer.Ordinal).Select(Describe))));
        }

        console.Write(table);
    }

    private static string Describe(KeyValuePair<string, double> measure) =>
        string.Create(CultureInfo.InvariantCulture, $"{measure.Key} {measure.Value:0.####}");
}

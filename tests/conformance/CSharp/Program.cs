using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace YMaskNet.Conformance.CSharp;

/// <summary>Runs the cases of a file with the C# client and prints one line of JSON for each; or sends many frames.</summary>
internal static class Program
{
    private const string Usage =
        """
        ymasknet-conformance-client cases FILE
        ymasknet-conformance-client soak ADDRESS MODEL PIXELS WIDTH HEIGHT FRAMES
        ymasknet-conformance-client rate ADDRESS MODEL PIXELS WIDTH HEIGHT SECONDS
        """;

    private static async Task<int> Main(string[] arguments)
    {
        switch (arguments)
        {
            case ["cases", var file]:
                await RunCasesAsync(file);
                return 0;

            case ["soak" or "rate", var address, var model, var pixels, var width, var height, var amount]:
                FrameLoad load = new(address, model, pixels, Number(width), Number(height));
                await (arguments[0] == "soak" ? load.SoakAsync(Number(amount)) : load.RateAsync(TimeSpan.FromSeconds(Number(amount))));
                return 0;

            default:
                await Console.Error.WriteLineAsync(Usage);
                return 2;
        }
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);

    private static async Task RunCasesAsync(string file)
    {
        JsonNode suite = JsonNode.Parse(await File.ReadAllTextAsync(file))!;
        using CaseRunner runner = new(suite["images"]!);
        foreach (JsonNode? entry in suite["cases"]!.AsArray())
        {
            JsonNode item = entry!;
            JsonObject outcome = new() { ["name"] = (string)item["name"]! };
            try
            {
                outcome["lines"] = new JsonArray([.. (await runner.RunAsync(item)).Select(line => JsonValue.Create(line))]);
            }
            catch (Exception crash)
            {
                outcome["crashed"] = crash.ToString();
            }

            Console.WriteLine(outcome.ToJsonString(JsonSerializerOptions.Default));
        }
    }
}

using System.CommandLine;
using YMaskNet.Imaging;

namespace YMaskNet.Conformance.Driver;

/// <summary><c>ymasknet-conformance</c>: runs one list of cases through several clients and compares.</summary>
internal static class Program
{
    private const string RateImage = "samples/bus-grey.png";

    private static readonly Option<string[]> Clients = new("--client")
    {
        Description = "NAME=COMMAND of a client's runner; the first is the one that others are held against.",
        Required = true,
        Recursive = true,
    };

    private static readonly Option<string[]> Missing = new("--missing") { Description = "Name of a client whose runner is not there." };

    private static readonly Option<string> Output = new("--out")
    {
        Description = "Folder for the table and all lines.",
        DefaultValueFactory = _ => Repository.At("out", "conformance"),
    };

    private static readonly Option<string?> Document = new("--document") { Description = "A document to write the table into." };

    private static readonly Option<bool> WriteGoldens = new("--write-goldens") { Description = "Write goldens.json anew, from the first client." };

    private static readonly Option<int> Frames = new("--frames") { Description = "Frames of each client.", DefaultValueFactory = _ => 100_000 };

    private static readonly Option<string> Model = new("--model") { Description = "Model of the rate.", DefaultValueFactory = _ => "pcb-ymasknet" };

    private static readonly Option<int> Seconds = new("--seconds") { Description = "Length of a turn.", DefaultValueFactory = _ => 10 };

    private static readonly Option<int> Turns = new("--turns") { Description = "Turns of each client.", DefaultValueFactory = _ => 5 };

    private static Task<int> Main(string[] arguments)
    {
        Command soak = new("soak", "Many small frames: whether the clients' memory stays flat.") { Frames };
        soak.SetAction((parsed, _) => FrameRuns.SoakAsync(ClientsOf(parsed), parsed.GetValue(Frames)));
        Command rate = new("rate", "Frames a second of each client, by turns.") { Model, Seconds, Turns };
        rate.SetAction((parsed, _) => RateAsync(parsed));
        RootCommand root = new("Runs one list of cases through several clients of one server, and compares bit for bit.")
        {
            Clients, Missing, Output, Document, WriteGoldens, soak, rate,
        };
        root.SetAction(RunAsync);
        return root.Parse(arguments).InvokeAsync();
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        SuiteRun run = new(ClientsOf(parsed), parsed.GetValue(Missing) ?? [], parsed.GetValue(Output)!)
        {
            WritesGoldens = parsed.GetValue(WriteGoldens),
            Document = parsed.GetValue(Document),
        };
        return await run.RunAsync() ? 0 : 1;
    }

    private static async Task RateAsync(ParseResult parsed)
    {
        using PixelBuffer picture = ImageDecoder.Decode(await File.ReadAllBytesAsync(Repository.At(RateImage)), ImageLimits.Default);
        byte[] pixels = new byte[picture.Width * picture.Height];
        for (int row = 0; row < picture.Height; row++)
            picture.Row8(row).CopyTo(pixels.AsSpan(row * picture.Width));
        await FrameRuns.RateAsync(
            ClientsOf(parsed), parsed.GetValue(Model)!, pixels, picture.Width, parsed.GetValue(Seconds), parsed.GetValue(Turns));
    }

    private static List<ClientProgram> ClientsOf(ParseResult parsed) => [.. parsed.GetValue(Clients)!.Select(ClientProgram.Parse)];
}

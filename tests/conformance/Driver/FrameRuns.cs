using System.Globalization;
using System.Text.Json.Nodes;
using YMaskNet.Testing;

namespace YMaskNet.Conformance.Driver;

/// <summary>Long runs of frames: whether memory stays flat, and how fast clients are beside each other.</summary>
internal static class FrameRuns
{
    /// <summary>Sends small frames through each client, and prints resident memory at 10, 50 and 100 per cent of them.</summary>
    public static async Task SoakAsync(IReadOnlyList<ClientProgram> clients, int frames)
    {
        string folder = Directory.CreateTempSubdirectory("ymasknet-conformance-").FullName;
        try
        {
            TestModels.WriteAll(folder);
            string pixels = Path.Combine(folder, "pixels");
            await File.WriteAllBytesAsync(pixels, BlobBoard.TwoBlobs().Pixels);
            Console.WriteLine("| client | frames a second | MiB at 10 % | at 50 % | at 100 % | server, MiB before | after |");
            Console.WriteLine("|---|---|---|---|---|---|---|");
            foreach (ClientProgram client in clients)
            {
                using ServerRun server = await ServerRun.StartAsync(folder, "--default-model", TestModels.TinyYMaskNet);
                long before = server.ResidentKib;
                JsonNode figures = await client.RunFramesAsync(
                    ["soak", server.Address, TestModels.TinyYMaskNet, pixels, "64", "64", frames.ToString(CultureInfo.InvariantCulture)]);
                JsonNode resident = figures["resident_kib"]!;
                IEnumerable<long> kibibytes =
                    [(long)resident["10"]!, (long)resident["50"]!, (long)resident["100"]!, before, server.ResidentKib];
                string memory = string.Join(" | ", kibibytes.Select(size => (size / 1024.0).ToString("F1", CultureInfo.InvariantCulture)));
                double perSecond = frames / (double)figures["seconds"]!;
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {client.Name} | {perSecond:F0} | {memory} |"));
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>Sends frames of a board through each client by turns, as fast as the server takes them.</summary>
    /// <param name="clients">The clients.</param>
    /// <param name="model">A shipped model that the cases use, or a tiny one.</param>
    /// <param name="image">8-bit pixels, grey, without padding.</param>
    /// <param name="side">Width and height.</param>
    /// <param name="seconds">How long a turn takes.</param>
    /// <param name="turns">Turns of each client.</param>
    public static async Task RateAsync(IReadOnlyList<ClientProgram> clients, string model, byte[] image, int side, int seconds, int turns)
    {
        string folder = Directory.CreateTempSubdirectory("ymasknet-conformance-").FullName;
        try
        {
            string pixels = Path.Combine(folder, "pixels");
            await File.WriteAllBytesAsync(pixels, image);
            string models = Path.Combine(folder, "models");
            SuiteServers.WriteModels(models);
            using ServerRun server = await ServerRun.StartAsync(models, "--default-model", model);
            Dictionary<string, List<Turn>> measured = clients.ToDictionary(client => client.Name, _ => new List<Turn>());

            // The first turn of each warms up, and does not count.
            for (int turn = 0; turn <= turns; turn++)
            {
                foreach (ClientProgram client in clients)
                {
                    string length = $"{side}";
                    TimeSpan before = server.ProcessorTime;
                    JsonNode figures = await client.RunFramesAsync(
                        ["rate", server.Address, model, pixels, length, length, seconds.ToString(CultureInfo.InvariantCulture)]);
                    TimeSpan serverTime = server.ProcessorTime - before;
                    if (turn > 0)
                    {
                        measured[client.Name].Add(
                            new Turn((double)figures["frames"]!, (double)figures["per_second"]!, (double)figures["cpu_seconds"]!, serverTime.TotalSeconds));
                    }
                }
            }

            Console.WriteLine("| client | frames a second, median | least | most | client's processor, ms a frame | server's |");
            Console.WriteLine("|---|---|---|---|---|---|");
            foreach ((string name, List<Turn> turnsOfOne) in measured)
            {
                double[] rates = [.. turnsOfOne.Select(turn => turn.PerSecond).Order()];
                double frames = turnsOfOne.Sum(turn => turn.Frames);
                double own = turnsOfOne.Sum(turn => turn.ClientSeconds) * 1000 / frames;
                double servers = turnsOfOne.Sum(turn => turn.ServerSeconds) * 1000 / frames;
                Console.WriteLine(string.Create(
                    CultureInfo.InvariantCulture,
                    $"| {name} | {rates[rates.Length / 2]:F1} | {rates[0]:F1} | {rates[^1]:F1} | {own:F2} | {servers:F2} |"));
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private sealed record Turn(double Frames, double PerSecond, double ClientSeconds, double ServerSeconds);
}

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
    /// <param name="model">A shipped model.</param>
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
            using ServerRun server = await ServerRun.StartAsync(Repository.At("models"), "--default-model", model);
            Dictionary<string, List<double>> rates = clients.ToDictionary(client => client.Name, _ => new List<double>());

            // The first turn of each warms up, and does not count.
            for (int turn = 0; turn <= turns; turn++)
            {
                foreach (ClientProgram client in clients)
                {
                    string length = $"{side}";
                    JsonNode figures = await client.RunFramesAsync(
                        ["rate", server.Address, model, pixels, length, length, seconds.ToString(CultureInfo.InvariantCulture)]);
                    if (turn > 0)
                        rates[client.Name].Add((double)figures["per_second"]!);
                }
            }

            Console.WriteLine("| client | frames a second, median | least | most |");
            Console.WriteLine("|---|---|---|---|");
            foreach ((string name, List<double> measured) in rates)
            {
                measured.Sort();
                Console.WriteLine(string.Create(
                    CultureInfo.InvariantCulture, $"| {name} | {measured[measured.Count / 2]:F1} | {measured[0]:F1} | {measured[^1]:F1} |"));
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}

using System.Globalization;
using YMaskNet.Testing;

namespace YMaskNet.Conformance.Driver;

/// <summary>The servers that the cases run against, as <c>cases.json</c> names them.</summary>
internal sealed class SuiteServers : IDisposable
{
    // Below the large cases, so that one message can be too large, and a queue that a few calls fill.
    private static readonly string[] MainSettings =
        ["--lanes", "1", "--queue-capacity", "4", "--max-request-bytes", "33554432", "--shared-memory-bytes", "67108864"];

    private static readonly string[] SecondSettings = ["--lanes", "1", "--response-compression", "gzip", "--board-idle-seconds", "1"];

    private static readonly string[] RealModels = ["pcb-ymasknet", "tile-unet"];

    private readonly ServerRun _main;
    private readonly ServerRun _second;
    private readonly string _socket;
    private readonly string _nobody = ServerRun.UnusedAddress();

    private SuiteServers(ServerRun main, ServerRun second, string socket)
    {
        _main = main;
        _second = second;
        _socket = socket;
    }

    /// <summary>Writes the models, and starts the servers.</summary>
    /// <param name="folder">A folder of the suite's own.</param>
    public static async Task<SuiteServers> StartAsync(string folder)
    {
        string tiny = Path.Combine(folder, "tiny");
        WriteTinyModels(tiny);
        string all = Path.Combine(folder, "all");
        WriteModels(all);
        string socket = Path.Combine(folder, "server.sock");
        ServerRun main = await ServerRun.StartAsync(all, ["--default-model", TestModels.TinyYMaskNet, "--unix-socket", socket, .. MainSettings]);
        try
        {
            ServerRun second = await ServerRun.StartAsync(tiny, ["--default-model", TestModels.TinyYMaskNet, .. SecondSettings]);
            return new SuiteServers(main, second, socket);
        }
        catch
        {
            main.Dispose();
            throw;
        }
    }

    /// <summary>The address of a server over a connection.</summary>
    /// <param name="server"><c>main</c>, <c>second</c>, or <c>none</c>.</param>
    /// <param name="connection"><c>tcp</c> or <c>unix</c>.</param>
    public string AddressOf(string server, string connection) => (server, connection) switch
    {
        ("main", "tcp") => _main.Address,
        ("main", "unix") => string.Create(CultureInfo.InvariantCulture, $"unix://{_socket}"),
        ("second", "tcp") => _second.Address,
        ("none", "tcp") => _nobody,
        _ => throw new InvalidDataException($"There is no server {server} over {connection}."),
    };

    public void Dispose()
    {
        _main.Dispose();
        _second.Dispose();
    }

    /// <summary>Writes the tiny models, and links to shipped ones.</summary>
    public static void WriteModels(string folder)
    {
        WriteTinyModels(folder);
        foreach (string model in RealModels)
            Directory.CreateSymbolicLink(Path.Combine(folder, model), Repository.At("models", model));
    }

    private static void WriteTinyModels(string folder)
    {
        TestModels.WriteAll(folder);
        TestModels.WriteSlow(folder);
        TestModels.WriteTexture(folder);
    }
}

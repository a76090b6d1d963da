using YMaskNet.Client;
using YMaskNet.Server.SharedMemory;

namespace YMaskNet.Server.Tests.Support;

/// <summary>A server that listens on a Unix socket too and leases memory.</summary>
internal sealed class LocalServer : IAsyncDisposable
{
    public const int MemoryBytes = 1 << 20;

    private readonly TemporaryFolder _folder;

    private LocalServer(TemporaryFolder folder, TestServer server)
    {
        _folder = folder;
        Server = server;
        Client = Connect();
    }

    public TestServer Server { get; }

    /// <summary>A client on the Unix socket.</summary>
    public InspectionClient Client { get; }

    public LeaseTable Leases => Server.Part<LeaseTable>();

    public string SocketPath => SocketIn(_folder);

    public static Task<LocalServer> StartAsync(params string[] arguments) => StartAsync(TestModels.WriteAll, arguments);

    public static async Task<LocalServer> StartAsync(Action<string> writeModels, params string[] arguments)
    {
        TemporaryFolder folder = new();
        TestServer server = await TestServer.StartAsync(
            writeModels, ["--unix-socket", SocketIn(folder), "--shared-memory-bytes", $"{MemoryBytes}", .. arguments]);
        return new LocalServer(folder, server);
    }

    /// <summary>A client on the Unix socket with a connection of its own.</summary>
    public InspectionClient Connect() => InspectionClient.Connect($"unix://{SocketPath}");

    /// <summary>Waits until all leased memory has been given back.</summary>
    public Task WaitForFreeMemoryAsync() => Eventually.TrueAsync(
        () => Leases.ReservedBytes == 0, () => $"{Leases.ReservedBytes} bytes are still leased.");

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await Server.DisposeAsync();
        _folder.Dispose();
    }

    private static string SocketIn(TemporaryFolder folder) => Path.Combine(folder.Path, "server.sock");
}

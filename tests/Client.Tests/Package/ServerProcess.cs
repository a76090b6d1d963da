using System.Diagnostics;
using YMaskNet.Client.Tests.Support;

namespace YMaskNet.Client.Tests.Package;

/// <summary>The built server with one of the shipped models.</summary>
internal sealed class ServerProcess : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly TemporaryFolder _models = new();
    private readonly Process _process;

    private ServerProcess(string model)
    {
        string repository = ConsumerProject.Repository;
        Directory.CreateSymbolicLink(_models.PathOf(model), Path.Combine(repository, "models", model));
        string server = Directory.EnumerateFiles(Path.Combine(repository, "src/Server/bin"), "YMaskNet.Server.dll", SearchOption.AllDirectories)
            .OrderByDescending(File.GetLastWriteTimeUtc)
            .First();
        _process = Process.Start(new ProcessStartInfo(
            "dotnet", [server, "--address", "http://127.0.0.1:0", "--models", _models.Path, "--Logging:Console:LogLevel:Default=None"])
        {
            RedirectStandardOutput = true,
        })!;
    }

    public string Address { get; private set; } = "";

    public static async Task<ServerProcess> StartAsync(string model)
    {
        ServerProcess server = new(model);
        string ready = await server._process.StandardOutput.ReadLineAsync().WaitAsync(Patience)
            ?? throw new InvalidOperationException("The server did not start; its standard error says why.");
        server.Address = ready[ready.IndexOf("http", StringComparison.Ordinal)..].Trim();
        return server;
    }

    public void Dispose()
    {
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
        _models.Dispose();
    }
}

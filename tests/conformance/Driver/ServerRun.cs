using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace YMaskNet.Conformance.Driver;

/// <summary>The built server as a process of its own.</summary>
internal sealed class ServerRun : IDisposable
{
    private const string Ready = "ymasknet: serving";
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly Process _process;

    private ServerRun(Process process, string address)
    {
        _process = process;
        Address = address;
    }

    /// <summary><c>http://127.0.0.1:PORT</c>.</summary>
    public string Address { get; }

    /// <summary>Resident memory now. Unit: KiB.</summary>
    public long ResidentKib
    {
        get
        {
            _process.Refresh();
            return _process.WorkingSet64 >> 10;
        }
    }

    /// <summary>Processor time that it has taken so far.</summary>
    public TimeSpan ProcessorTime
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    /// <summary>Starts a server on a free port, and waits until it serves.</summary>
    /// <param name="models">Folder of the models.</param>
    /// <param name="settings">More of its command line.</param>
    public static async Task<ServerRun> StartAsync(string models, params IEnumerable<string> settings)
    {
        string program = Repository.At("src", "Server", "bin", "Release", "net10.0", "YMaskNet.Server.dll");
        if (!File.Exists(program))
            throw new FileNotFoundException($"The server is not built: {program} is missing.");
        ProcessStartInfo start = new(
            "dotnet",
            [program, "--address", "http://127.0.0.1:0", "--device", "cpu", "--models", models, "--Logging:Console:LogLevel:Default=None", .. settings])
        {
            RedirectStandardOutput = true,
        };
        Process process = Process.Start(start) ?? throw new InvalidOperationException("The server was not started.");
        using CancellationTokenSource patience = new(Patience);
        string? line = await process.StandardOutput.ReadLineAsync(patience.Token);
        if (line is null || !line.StartsWith(Ready, StringComparison.Ordinal))
        {
            process.Kill();
            throw new InvalidOperationException($"The server did not start: {line ?? "it ended; standard error says why"}");
        }

        // Nothing it says later matters, and it must not wait for a reader.
        _ = process.StandardOutput.ReadToEndAsync(CancellationToken.None);
        string addresses = line[(line.LastIndexOf(" on ", StringComparison.Ordinal) + 4)..];
        return new ServerRun(process, addresses.Split(',')[0]);
    }

    /// <summary>An address on which nobody listens.</summary>
    public static string UnusedAddress()
    {
        using Socket probe = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        probe.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return $"http://127.0.0.1:{((IPEndPoint)probe.LocalEndPoint!).Port}";
    }

    public void Dispose()
    {
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }
}

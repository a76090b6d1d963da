using System.Diagnostics;

namespace YMaskNet.Server.Tests.Support;

/// <summary>The built server as a process of its own.</summary>
internal sealed class ServerRun : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Process _process;

    private ServerRun(Process process) => _process = process;

    public int Id => _process.Id;

    public static ServerRun Start(params string[] arguments)
    {
        string server = Path.Combine(AppContext.BaseDirectory, "YMaskNet.Server.dll");
        string dotnet = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";
        ProcessStartInfo start = new(dotnet, [server, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        return new ServerRun(Process.Start(start) ?? throw new InvalidOperationException("The server was not started."));
    }

    /// <summary>The first line on standard output.</summary>
    public async Task<string> ReadLineAsync() =>
        await _process.StandardOutput.ReadLineAsync().WaitAsync(Patience)
        ?? throw new InvalidOperationException($"The server ended: {await _process.StandardError.ReadToEndAsync()}");

    /// <summary>Waits for the end.</summary>
    public async Task<(int ExitCode, string Output, string Error)> EndAsync()
    {
        Task<string> output = _process.StandardOutput.ReadToEndAsync();
        Task<string> error = _process.StandardError.ReadToEndAsync();
        await _process.WaitForExitAsync().WaitAsync(Patience);
        return (_process.ExitCode, await output, await error);
    }

    /// <summary>Ends it as the system does when memory runs out: without a word.</summary>
    public void Kill() => _process.Kill();

    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill();

        _process.Dispose();
    }
}

using YMaskNet.Server.Hosting;

namespace YMaskNet.Server.FileWatch;

/// <summary>Looks at the watched files from time to time.</summary>
internal sealed class FileWatchService(IEnumerable<IWatchedFiles> watched, ServerOptions options, TimeProvider time) : BackgroundService
{
    private readonly IReadOnlyList<IWatchedFiles> _watched = [.. watched];

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (_watched.Count == 0)
            return;

        using PeriodicTimer timer = new(options.FileWatchInterval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            foreach (IWatchedFiles files in _watched)
                files.Look();
        }
    }
}

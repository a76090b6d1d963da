using YMaskNet.Inference;
using YMaskNet.Server.Hosting;
using YMaskNet.Server.SharedMemory;

namespace YMaskNet.Server.Models;

/// <summary>
/// Owns the engine: loads the models before the server listens, so that a reachable server is a ready one, and frees
/// them when the last call has been answered.
/// </summary>
internal sealed class EngineHost(ServerOptions options, LeaseTable leases, ILoggerFactory loggers) : IHostedLifecycleService, IAsyncDisposable
{
    private InspectionEngine? _engine;

    /// <summary>The engine.</summary>
    /// <exception cref="InvalidOperationException">Asked for before the host has started or after it has stopped.</exception>
    public InspectionEngine Engine =>
        _engine ?? throw new InvalidOperationException("The models are loaded from the host's start to its stop only.");

    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        if (!Directory.Exists(options.ModelsDirectory))
        {
            throw new StartupException(
                ExitCode.ModelsMissing,
                $"there is no models folder at {Path.GetFullPath(options.ModelsDirectory)}; name one with --models");
        }

        EngineOptions engineOptions = new()
        {
            ModelsDirectory = options.ModelsDirectory,
            DefaultModel = options.DefaultModel,
            Device = options.Device,
            Lanes = options.Lanes,
            IntraOpThreads = options.IntraOpThreads,
            CudaGraphs = options.CudaGraphs,
            Precision = options.Precision,
            QueueCapacity = options.QueueCapacity,
            MaxBatch = options.MaxBatch,
            MaxBatchDelay = options.MaxBatchDelay,
            SharedMemory = leases.IsOn ? leases : null,
            FrameLimits = options.FrameLimits,
        };
        try
        {
            _engine = await InspectionEngine.StartAsync(engineOptions, loggers, cancellationToken);
        }
        catch (ArgumentException error)
        {
            // Ranges were checked when the settings were read; what is left needs the models' names.
            throw new StartupException(ExitCode.ConfigurationInvalid, error.Message);
        }
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Frees the engine after Kestrel has stopped, which waits for the calls in hand.</summary>
    public async Task StoppedAsync(CancellationToken cancellationToken) => await DisposeAsync();

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _engine, null) is { } engine)
            await engine.DisposeAsync();
    }
}

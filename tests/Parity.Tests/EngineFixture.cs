using Microsoft.Extensions.Logging.Abstractions;
using YMaskNet.Inference;

namespace YMaskNet.Parity.Tests;

/// <summary>The engine on the shipped models; started once.</summary>
public sealed class EngineFixture : IAsyncLifetime
{
    private InspectionEngine? _engine;

    /// <summary>The shipped model.</summary>
    public InspectionModel Model => _engine!.GetModel(Repository.ModelName);

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        EngineOptions options = new() { ModelsDirectory = Repository.Models };
        _engine = await InspectionEngine.StartAsync(options, NullLoggerFactory.Instance, TestContext.Current.CancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_engine is not null)
        {
            await _engine.DisposeAsync();
        }
    }
}

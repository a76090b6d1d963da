using Microsoft.Extensions.Logging.Abstractions;
using YMaskNet.Inference;

namespace YMaskNet.Parity.Tests;

/// <summary>The engine on the shipped models; started once.</summary>
public sealed class EngineFixture : IAsyncLifetime
{
    private InspectionEngine? _engine;

    /// <summary>A shipped model.</summary>
    public InspectionModel Model(string name) => _engine!.GetModel(name);

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

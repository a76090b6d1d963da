using Microsoft.Extensions.Logging.Abstractions;
using YMaskNet.Inference;
using YMaskNet.Inference.Models;

namespace YMaskNet.Parity.Tests;

/// <summary>The engine on the shipped models, once for each precision; those of 8 bits that have such networks.</summary>
public sealed class EngineFixture : IAsyncLifetime
{
    private readonly string _quantised = Directory.CreateTempSubdirectory("ymasknet-int8-").FullName;
    private InspectionEngine? _fp32;
    private InspectionEngine? _int8;

    /// <summary>A shipped model in a precision.</summary>
    public InspectionModel Model(string name, ModelPrecision precision) =>
        (precision == ModelPrecision.Int8 ? _int8! : _fp32!).GetModel(name);

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        _fp32 = await StartAsync(Repository.Models, PrecisionChoice.Fp32);
        foreach (string name in _fp32.Models.Where(model => model.Manifest.Has(ModelPrecision.Int8)).Select(model => model.Manifest.Name).Distinct())
        {
            Directory.CreateSymbolicLink(Path.Combine(_quantised, name), Path.Combine(Repository.Models, name));
        }

        if (Directory.EnumerateFileSystemEntries(_quantised).Any())
        {
            _int8 = await StartAsync(_quantised, PrecisionChoice.Int8);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (InspectionEngine engine in new[] { _fp32, _int8 }.OfType<InspectionEngine>())
        {
            await engine.DisposeAsync();
        }

        foreach (string link in Directory.EnumerateFileSystemEntries(_quantised))
        {
            Directory.Delete(link);
        }

        Directory.Delete(_quantised);
    }

    private static Task<InspectionEngine> StartAsync(string models, PrecisionChoice precision)
    {
        EngineOptions options = new() { ModelsDirectory = models, Precision = new(precision) };
        return InspectionEngine.StartAsync(options, NullLoggerFactory.Instance, TestContext.Current.CancellationToken);
    }
}

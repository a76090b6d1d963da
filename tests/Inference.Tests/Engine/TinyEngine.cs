using Microsoft.Extensions.Logging.Abstractions;
using YMaskNet.Inference.Frames;
using YMaskNet.Inference.Results;
using YMaskNet.Testing;

namespace YMaskNet.Inference.Tests.Engine;

/// <summary>An engine with all the tiny models, shared by the tests of a class.</summary>
public sealed class TinyEngine : IAsyncLifetime
{
    private readonly TemporaryModels _models = TemporaryModels.WithAll();
    private InspectionEngine? _engine;

    public InspectionEngine Engine => _engine ?? throw new InvalidOperationException("The fixture has not started.");

    public InspectionModel YMaskNet => Engine.GetModel(TestModels.TinyYMaskNet);

    public InspectionModel YoloV5 => Engine.GetModel(TestModels.TinyYoloV5);

    public InspectionModel Semantic => Engine.GetModel(TestModels.TinySemantic);

    public static RawImage Raw(BlobBoard board) => new(board.Pixels, PixelFormat.Mono8, board.Width, board.Height);

    public async ValueTask InitializeAsync() =>
        _engine = await InspectionEngine.StartAsync(_models.Options, NullLoggerFactory.Instance, CancellationToken.None);

    public async ValueTask DisposeAsync()
    {
        if (_engine is not null)
            await _engine.DisposeAsync();
        _models.Dispose();
    }

    /// <summary>Inspects and returns what was found.</summary>
    public static ValueTask<InspectionResult> Inspect(InspectionModel model, BlobBoard board, InspectionTask task, params RegionOfInterest[] regions) =>
        model.InspectAsync(new InspectionRequest(Raw(board), task) { RegionsOfInterest = regions }, CancellationToken.None);
}

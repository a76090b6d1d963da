using Microsoft.Extensions.Logging.Abstractions;
using YMaskNet.Inference.Boards;
using YMaskNet.Inference.Frames;
using YMaskNet.Testing;

namespace YMaskNet.Inference.Tests.Boards;

/// <summary>An engine with the tiny models and two lanes, shared by the tests of a class.</summary>
public sealed class BoardEngine : IAsyncLifetime
{
    private readonly TemporaryModels _models = TemporaryModels.WithAll();
    private InspectionEngine? _engine;

    public InspectionModel YMaskNet => Model(TestModels.TinyYMaskNet);

    public InspectionModel Semantic => Model(TestModels.TinySemantic);

    public InspectionModel Texture => Model(TestModels.TinyTexture);

    public async ValueTask InitializeAsync()
    {
        TestModels.WriteTexture(_models.Directory);
        _engine = await InspectionEngine.StartAsync(_models.Options with { Lanes = 2 }, NullLoggerFactory.Instance, CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        if (_engine is not null)
            await _engine.DisposeAsync();
        _models.Dispose();
    }

    /// <summary>Sends a board in strips of so many rows.</summary>
    public static async Task<BoardResult> InspectAsync(
        InspectionModel model, BoardRequest request, BoardDescription description, ReadOnlyMemory<byte> pixels, int rowsInStrip)
    {
        await using BoardInspection board = BoardInspection.Open(model, request, description, new FrameLimits(), CancellationToken.None);
        int stripBytes = pixels.Length / description.Height * rowsInStrip;
        for (int offset = 0; offset < pixels.Length; offset += stripBytes)
            await board.AddRowsAsync(pixels.Slice(offset, Math.Min(stripBytes, pixels.Length - offset)));
        return await board.FinishAsync();
    }

    public static Task<BoardResult> InspectAsync(InspectionModel model, BoardRequest request, BlobBoard board, int rowsInStrip = 7) =>
        InspectAsync(model, request, new BoardDescription(board.Width, board.Height, PixelFormat.Mono8), board.Pixels, rowsInStrip);

    private InspectionModel Model(string name) =>
        (_engine ?? throw new InvalidOperationException("The fixture has not started.")).GetModel(name);
}

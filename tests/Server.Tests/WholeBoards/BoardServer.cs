namespace YMaskNet.Server.Tests.WholeBoards;

/// <summary>A server with two lanes that takes many boards at once, for the tests of a class.</summary>
public sealed class BoardServer : IAsyncLifetime
{
    private TestServer? _server;

    internal TestServer Server => _server ?? throw new InvalidOperationException("The server has not been started.");

    public async ValueTask InitializeAsync() => _server = await TestServer.StartAsync(
        models =>
        {
            TestModels.WriteAll(models);
            TestModels.WriteSemantic(models, version: 2, saysHalo: true);
            TestModels.WriteTexture(models);
        },
        "--lanes", "2", "--max-boards", "16", "--max-image-side", "5000", "--max-board-file-bytes", "100000");

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
            await _server.DisposeAsync();
    }
}

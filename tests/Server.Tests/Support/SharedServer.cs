[assembly: AssemblyFixture(typeof(YMaskNet.Server.Tests.Support.SharedServer))]

namespace YMaskNet.Server.Tests.Support;

/// <summary>
/// One server for all tests that don't stop it or need options of their own. They run side by side on it, which is
/// part of the test: no call may disturb another.
/// </summary>
public sealed class SharedServer : IAsyncLifetime
{
    private TestServer? _server;

    internal TestServer Server => _server ?? throw new InvalidOperationException("The server has not been started.");

    public async ValueTask InitializeAsync() => _server = await TestServer.StartAsync(
        models =>
        {
            TestModels.WriteAll(models);
            TestModels.WriteYMaskNet(models, version: 2);
            TestModels.WriteSlow(models);
        });

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
            await _server.DisposeAsync();
    }
}

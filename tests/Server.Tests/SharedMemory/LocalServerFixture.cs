namespace YMaskNet.Server.Tests.SharedMemory;

/// <summary>One server with shared memory for the tests of a class.</summary>
public sealed class LocalServerFixture : IAsyncLifetime
{
    private LocalServer? _local;

    internal LocalServer Local => _local ?? throw new InvalidOperationException("The server has not been started.");

    public async ValueTask InitializeAsync() => _local = await LocalServer.StartAsync();

    public async ValueTask DisposeAsync()
    {
        if (_local is not null)
            await _local.DisposeAsync();
    }
}

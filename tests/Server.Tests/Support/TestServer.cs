using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace YMaskNet.Server.Tests.Support;

/// <summary>The whole server, in this process, on a free port, with the tiny models.</summary>
internal sealed class TestServer : IAsyncDisposable
{
    private readonly TemporaryFolder _models;
    private readonly WebApplication _application;

    private TestServer(TemporaryFolder models, WebApplication application, LogRecorder log)
    {
        _models = models;
        _application = application;
        Log = log;
        Address = new Uri(application.Urls.First());
        Channel = Connect();
    }

    public Uri Address { get; }

    public LogRecorder Log { get; }

    /// <summary>A channel for calls that need none of their own.</summary>
    public GrpcChannel Channel { get; }

    public Wire.InspectionService.InspectionServiceClient Inspection => new(Channel);

    public Wire.BoardService.BoardServiceClient Boards => new(Channel);

    public Wire.ModelService.ModelServiceClient Models => new(Channel);

    /// <summary>A part of the server.</summary>
    public T Part<T>()
        where T : notnull => _application.Services.GetRequiredService<T>();

    /// <summary>Starts a server with the command line <paramref name="arguments"/> beside models and address.</summary>
    public static Task<TestServer> StartAsync(params string[] arguments) => StartAsync(TestModels.WriteAll, arguments);

    /// <summary>Starts a server with the models that <paramref name="writeModels"/> writes.</summary>
    public static async Task<TestServer> StartAsync(Action<string> writeModels, params string[] arguments)
    {
        TemporaryFolder models = new();
        writeModels(models.Path);

        // One lane on any machine, unless a test says otherwise: the last of two settings counts.
        WebApplication application = Program.Build(
            ["--address", "http://127.0.0.1:0", "--models", models.Path, "--lanes", "1", "--Logging:Console:LogLevel:Default=None", .. arguments]);
        LogRecorder log = new();
        application.Services.GetRequiredService<ILoggerFactory>().AddProvider(log);
        await application.StartAsync();
        return new TestServer(models, application, log);
    }

    public GrpcChannel Connect(Action<GrpcChannelOptions>? configure = null)
    {
        GrpcChannelOptions options = new() { MaxReceiveMessageSize = null, MaxSendMessageSize = null };
        configure?.Invoke(options);
        return GrpcChannel.ForAddress(Address, options);
    }

    /// <summary>Stops as on SIGTERM: calls in hand are answered.</summary>
    public Task StopAsync() => _application.StopAsync();

    public async ValueTask DisposeAsync()
    {
        Channel.Dispose();
        await _application.DisposeAsync();
        _models.Dispose();
    }
}

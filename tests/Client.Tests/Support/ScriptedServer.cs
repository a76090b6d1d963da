using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using YMaskNet.V1;

namespace YMaskNet.Client.Tests.Support;

/// <summary>A gRPC server on a free port of this machine, that answers as a test says.</summary>
internal sealed class ScriptedServer : IAsyncDisposable
{
    private readonly WebApplication _application;

    private ScriptedServer(WebApplication application, Uri address)
    {
        _application = application;
        Address = address;
    }

    public Uri Address { get; }

    public static async Task<ScriptedServer> StartAsync(
        ScriptedInspection inspection, Model? model = null, ScriptedBoards? boards = null, X509Certificate2? certificate = null)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
            kestrel.Listen(IPAddress.Loopback, 0, listen =>
            {
                listen.Protocols = HttpProtocols.Http2;
                if (certificate is not null)
                    listen.UseHttps(certificate);
            }));
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.Services.AddGrpc(grpc => grpc.MaxReceiveMessageSize = null);
        builder.Services.AddSingleton(inspection);
        builder.Services.AddSingleton(boards ?? new ScriptedBoards());
        builder.Services.AddSingleton(new ScriptedModels(model ?? Answers.InstanceModel()));

        WebApplication application = builder.Build();
        application.MapGrpcService<ScriptedInspection>();
        application.MapGrpcService<ScriptedModels>();
        application.MapGrpcService<ScriptedBoards>();
        await application.StartAsync();
        string address = application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        return new ScriptedServer(application, new Uri(address));
    }

    public async ValueTask DisposeAsync()
    {
        // Calls that hang on purpose must not hold up the end of a test.
        using CancellationTokenSource now = new();
        await now.CancelAsync();
        await _application.StopAsync(now.Token);
        await _application.DisposeAsync();
    }
}

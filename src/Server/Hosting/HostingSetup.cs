using System.Net.Sockets;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;

namespace YMaskNet.Server.Hosting;

/// <summary>Configuration, logging and the listener.</summary>
internal static class HostingSetup
{
    private const int StreamWindowBytes = 4 << 20;
    private const int ConnectionWindowBytes = 16 << 20;
    private const int HttpFrameBytes = 256 << 10;

    /// <summary>A builder with the command line, environment and appsettings.json read, and the options checked.</summary>
    /// <exception cref="StartupException">An option is unknown or out of range.</exception>
    public static WebApplicationBuilder CreateBuilder(string[] arguments, out ServerOptions options)
    {
        IReadOnlyDictionary<string, string?> commandLine = CommandLine.Parse(arguments);
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder(
            // appsettings.json lies beside the program, wherever it is started from.
            new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.Configuration.AddInMemoryCollection(commandLine);

        options = ServerSettings.Read(builder.Configuration);
        builder.Services.AddSingleton(options);
        builder.Services.AddSingleton<ServerShutdown>();
        builder.Services.AddHostedService(services => services.GetRequiredService<ServerShutdown>());
        return builder;
    }

    /// <summary>Makes Kestrel listen for HTTP/2, with windows made for images.</summary>
    public static void AddListener(this WebApplicationBuilder builder, ServerOptions options)
    {
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = options.ShutdownTimeout);
        if (options.UnixSocket is { } unixSocket)
        {
            builder.Services.Configure<SocketTransportOptions>(sockets => sockets.CreateBoundListenSocket = endPoint =>
                endPoint is UnixDomainSocketEndPoint
                    ? UnixSocketFile.Bind(unixSocket)
                    : SocketTransportOptions.CreateDefaultBoundListenSocket(endPoint));
        }

        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            options.Address.Bind(kestrel);
            options.UnixSocket?.Bind(kestrel);
            kestrel.AddServerHeader = false;

            // gRPC limits each message; a session's body is as long as the session.
            kestrel.Limits.MaxRequestBodySize = null;

            // Images have 0.4 to 25 MB. The default windows (0.75 and 1 MB) would stop a caller many times per image;
            // these bound what a connection can make the server hold unread.
            kestrel.Limits.Http2.InitialStreamWindowSize = StreamWindowBytes;
            kestrel.Limits.Http2.InitialConnectionWindowSize = ConnectionWindowBytes;
            kestrel.Limits.Http2.MaxFrameSize = HttpFrameBytes;

            // A caller whose machine vanished ends no call; unanswered pings do.
            kestrel.Limits.Http2.KeepAlivePingDelay = TimeSpan.FromSeconds(30);
            kestrel.Limits.Http2.KeepAlivePingTimeout = TimeSpan.FromSeconds(20);
        });
    }

    /// <summary>Lets open calls end before the listener stops.</summary>
    public static void UseOrderlyShutdown(this WebApplication application)
    {
        ServerShutdown shutdown = application.Services.GetRequiredService<ServerShutdown>();
        application.Use(next => context => shutdown.RunAsync(context, next));
    }

    /// <summary>One line per event on standard output; standard error is for the one line of a failed start.</summary>
    public static void AddLogging(this WebApplicationBuilder builder)
    {
        builder.Logging.AddSimpleConsole(console =>
        {
            console.SingleLine = true;
            console.UseUtcTimestamp = true;
            console.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ ";
        });

        builder.Logging.AddFilter("Microsoft", LogLevel.Warning);

        // The error interceptor and the transport error middleware log every failed call once, under event ids of
        // this project; gRPC's own entries would repeat them, some with a stack trace for a caller's mistake.
        builder.Logging.AddFilter("Grpc", LogLevel.None);

        // Both log the exception of a failed start, which ServerProcess reports in one line.
        builder.Logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.None);
        builder.Logging.AddFilter(
            "Microsoft.AspNetCore.Server.Kestrel",
            level => level is >= LogLevel.Warning and not LogLevel.Critical);
    }
}

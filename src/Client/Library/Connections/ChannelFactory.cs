using Grpc.Core;
using Grpc.Net.Client;
using Grpc.Net.Client.Configuration;

namespace YMaskNet.Client;

/// <summary>Makes the channel that a client's options ask for.</summary>
internal static class ChannelFactory
{
    // A server that was away is found soon after it is back, also by a client that has waited for long.
    private static readonly TimeSpan FirstReconnectDelay = TimeSpan.FromSeconds(0.1);
    private static readonly TimeSpan LongestReconnectDelay = TimeSpan.FromSeconds(5);

    public static GrpcChannel Create(ServerTarget target, InspectionClientOptions options)
    {
        SocketsHttpHandler handler = new()
        {
            ConnectTimeout = options.ConnectTimeout,
            KeepAlivePingDelay = options.KeepAliveInterval,
            KeepAlivePingTimeout = options.KeepAliveTimeout,
            KeepAlivePingPolicy = HttpKeepAlivePingPolicy.WithActiveRequests,
            PooledConnectionIdleTimeout = Timeout.InfiniteTimeSpan,
            EnableMultipleHttp2Connections = true,

            // gRPC needs HTTP/2 all the way; a forward proxy from the environment would break plain connections.
            UseProxy = false,
        };
        if (target.Socket is { } socket)
            handler.ConnectCallback = (_, cancellationToken) => UnixSocketAddress.ConnectAsync(socket, cancellationToken);
        if (options.Tls is { } tls)
            handler.SslOptions = tls.ToHandshake();

        GrpcChannelOptions channelOptions = new()
        {
            HttpHandler = options.Tls?.ServerName is { } name ? new ServerNameHandler(name, handler) : handler,
            DisposeHttpClient = true,
            Credentials = target.IsEncrypted ? ChannelCredentials.SecureSsl : ChannelCredentials.Insecure,
            MaxSendMessageSize = options.MaxMessageBytes,
            MaxReceiveMessageSize = options.MaxMessageBytes,
            InitialReconnectBackoff = FirstReconnectDelay,
            MaxReconnectBackoff = LongestReconnectDelay,
        };
        if (target.IsBalanced)
        {
            channelOptions.ServiceProvider = new ServerResolvers(target.Servers);
            channelOptions.ServiceConfig = new ServiceConfig { LoadBalancingConfigs = { new RoundRobinConfig() } };

            // A service config from DNS would be somebody else's word on how this client behaves.
            channelOptions.DisableResolverServiceConfig = true;
        }

        return GrpcChannel.ForAddress(target.Channel, channelOptions);
    }
}

using System.Net;
using System.Net.Sockets;
using Grpc.Net.Client;
using YMaskNet.Client;

namespace YMaskNet.Conformance.CSharp;

/// <summary>Channels for calls beside the client library.</summary>
internal static class WireChannel
{
    /// <summary>A channel to an address as the client library takes it.</summary>
    public static GrpcChannel Open(string text)
    {
        Uri address = new(text);
        GrpcChannelOptions options = new() { MaxReceiveMessageSize = null, MaxSendMessageSize = null };
        if (UnixSocketAddress.IsUnixSocket(address))
        {
            EndPoint socket = UnixSocketAddress.Parse(address);
            options.HttpHandler = new SocketsHttpHandler { ConnectCallback = (_, cancellationToken) => ConnectAsync(socket, cancellationToken) };
            address = new Uri("http://localhost");
        }

        return GrpcChannel.ForAddress(address, options);
    }

    private static async ValueTask<Stream> ConnectAsync(EndPoint endPoint, CancellationToken cancellationToken)
    {
        Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(endPoint, cancellationToken);
        return new NetworkStream(socket, ownsSocket: true);
    }
}

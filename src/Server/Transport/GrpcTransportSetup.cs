using System.IO.Compression;
using Grpc.Net.Compression;
using YMaskNet.Server.Hosting;

namespace YMaskNet.Server.Transport;

/// <summary>gRPC over Kestrel: message limits and compression.</summary>
internal static class GrpcTransportSetup
{
    public static IServiceCollection AddGrpcTransport(this IServiceCollection services, ServerOptions options)
    {
        services.AddGrpc(grpc =>
        {
            grpc.MaxReceiveMessageSize = options.MaxRequestBytes;
            grpc.MaxSendMessageSize = options.MaxResponseBytes;

            // Exceptions of ours carry what callers may know; nothing else leaves the server.
            grpc.EnableDetailedErrors = false;

            grpc.CompressionProviders.Clear();
            grpc.CompressionProviders.Add(new GzipProvider(options.MaxRequestBytes));
            grpc.ResponseCompressionAlgorithm = options.CompressResponses ? GzipProvider.Encoding : null;
            grpc.ResponseCompressionLevel = CompressionLevel.Fastest;
        });
        return services;
    }
}

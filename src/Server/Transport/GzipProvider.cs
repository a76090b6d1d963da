using System.IO.Compression;
using Grpc.Net.Compression;

namespace YMaskNet.Server.Transport;

/// <summary>gzip for messages, strict where .NET's own is lax: an empty message is a gzip member, and a bomb is refused.</summary>
/// <param name="maxMessageBytes">Largest message after decompression. Unit: bytes.</param>
internal sealed class GzipProvider(int maxMessageBytes) : ICompressionProvider
{
    /// <summary>The name in <c>grpc-encoding</c>.</summary>
    public const string Encoding = "gzip";

    public string EncodingName => Encoding;

    public Stream CreateCompressionStream(Stream stream, CompressionLevel? compressionLevel) =>
        new GzipMemberStream(stream, compressionLevel ?? CompressionLevel.Fastest);

    public Stream CreateDecompressionStream(Stream stream) =>
        new BoundedReadStream(new GZipStream(stream, CompressionMode.Decompress), maxMessageBytes);
}

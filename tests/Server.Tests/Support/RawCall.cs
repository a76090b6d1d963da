using System.Buffers.Binary;
using System.Net;
using Google.Rpc;
using RichStatus = Google.Rpc.Status;

namespace YMaskNet.Server.Tests.Support;

/// <summary>A unary call made by hand, byte by byte, as no gRPC library would make it.</summary>
internal static class RawCall
{
    /// <summary>A message behind gRPC's five-byte prefix.</summary>
    public static byte[] Framed(ReadOnlySpan<byte> message, bool compressed = false)
    {
        byte[] framed = new byte[message.Length + 5];
        framed[0] = compressed ? (byte)1 : (byte)0;
        BinaryPrimitives.WriteInt32BigEndian(framed.AsSpan(1), message.Length);
        message.CopyTo(framed.AsSpan(5));
        return framed;
    }

    /// <summary>Sends a body to a method and reads the status.</summary>
    public static async Task<RawAnswer> SendAsync(Uri server, string method, byte[] body, string? encoding = null, string? acceptEncoding = null)
    {
        using HttpClient client = new();
        using HttpRequestMessage request = new(HttpMethod.Post, new Uri(server, method))
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new ByteArrayContent(body),
        };
        request.Content.Headers.ContentType = new("application/grpc");
        request.Headers.TE.ParseAdd("trailers");
        if (encoding is not null)
            request.Headers.Add("grpc-encoding", encoding);
        if (acceptEncoding is not null)
            request.Headers.Add("grpc-accept-encoding", acceptEncoding);

        using HttpResponseMessage response = await client.SendAsync(request);
        byte[] answer = await response.Content.ReadAsByteArrayAsync();
        string? Header(string name) =>
            response.TrailingHeaders.TryGetValues(name, out IEnumerable<string>? trailers) ? trailers.Single()
            : response.Headers.TryGetValues(name, out IEnumerable<string>? headers) ? headers.Single()
            : null;

        StatusCode code = (StatusCode)int.Parse(Header("grpc-status") ?? "-1", System.Globalization.CultureInfo.InvariantCulture);
        ErrorInfo? info = null;
        if (Header("grpc-status-details-bin") is { } details)
        {
            byte[] bytes = Convert.FromBase64String(details.PadRight((details.Length + 3) / 4 * 4, '='));
            RichStatus status = RichStatus.Parser.ParseFrom(bytes);
            Assert.Equal((int)code, status.Code);
            status.Details.Single().TryUnpack(out info);
        }

        return new RawAnswer(code, info?.Reason, Header("grpc-encoding"), answer);
    }
}

/// <summary>What came back.</summary>
internal sealed record RawAnswer(StatusCode Code, string? Reason, string? Encoding, byte[] Body);

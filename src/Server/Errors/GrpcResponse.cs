using System.Globalization;
using Google.Protobuf;
using RichStatus = Google.Rpc.Status;

namespace YMaskNet.Server.Errors;

/// <summary>Writes the statuses of calls that no handler answers.</summary>
internal static class GrpcResponse
{
    /// <summary>The number of a call's status.</summary>
    public const string StatusHeader = "grpc-status";

    /// <summary>Its message, percent-encoded.</summary>
    public const string MessageHeader = "grpc-message";

    private const string ContentType = "application/grpc";

    /// <summary>Whether a request is a call of gRPC.</summary>
    public static bool IsToGrpc(HttpRequest request) =>
        request.ContentType?.StartsWith(ContentType, StringComparison.OrdinalIgnoreCase) == true;

    /// <summary>Ends a call whose response has not started: the status is all of it.</summary>
    public static void End(HttpResponse response, RichStatus status)
    {
        response.ContentType = ContentType;
        Write(response.Headers, status);
    }

    /// <summary>Writes a status over what stands in headers or trailers.</summary>
    public static void Write(IHeaderDictionary headers, RichStatus status)
    {
        headers[StatusHeader] = status.Code.ToString(CultureInfo.InvariantCulture);
        headers[MessageHeader] = PercentEncode(status.Message);
        headers[ErrorTable.DetailsTrailer] = Convert.ToBase64String(status.ToByteArray()).TrimEnd('=');
    }

    // gRPC's messages are percent-encoded; ours are printable ASCII but for the percent sign.
    private static string PercentEncode(string message) => message.Replace("%", "%25", StringComparison.Ordinal);
}

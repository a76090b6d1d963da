using System.Globalization;
using Google.Protobuf;
using Grpc.Core;
using Microsoft.Extensions.Primitives;
using RichStatus = Google.Rpc.Status;

namespace YMaskNet.Server.Errors;

/// <summary>
/// Gives details to the errors that gRPC raises itself, before a handler and its interceptors run: a message above
/// the limit, one that can't be parsed, an unknown method.
/// </summary>
internal sealed class TransportErrorMiddleware(RequestDelegate next, ILogger<TransportErrorMiddleware> log)
{
    private const string StatusHeader = "grpc-status";
    private const string MessageHeader = "grpc-message";

    public async Task InvokeAsync(HttpContext context)
    {
        await next(context);

        // Once a response has started, its handler has run, and the interceptor has seen to its errors.
        IHeaderDictionary headers = context.Response.Headers;
        if (context.Response.HasStarted
            || headers.ContainsKey(ErrorTable.DetailsTrailer)
            || !headers.TryGetValue(StatusHeader, out StringValues value)
            || !int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out int code))
            return;

        string message = Uri.UnescapeDataString(headers[MessageHeader].ToString());
        if (Describe((StatusCode)code, message) is not { } status)
            return;

        RequestLog.Failed(log, context.Request.Path, status, error: null);
        headers[StatusHeader] = status.Code.ToString(CultureInfo.InvariantCulture);
        headers[MessageHeader] = PercentEncode(status.Message);
        headers[ErrorTable.DetailsTrailer] = Convert.ToBase64String(status.ToByteArray()).TrimEnd('=');
    }

    private static RichStatus? Describe(StatusCode code, string message) => code switch
    {
        StatusCode.ResourceExhausted => ErrorTable.MessageTooLarge(message),
        StatusCode.Unimplemented => ErrorTable.WithReason(code, message, ErrorReasons.MethodUnknown),

        // Nothing of ours answers UNKNOWN: it is what gRPC makes of an exception while it reads a request.
        StatusCode.Unknown => ErrorTable.MessageMalformed(),

        // An incomplete or wrongly framed message.
        StatusCode.Internal => ErrorTable.WithReason(StatusCode.InvalidArgument, message, ErrorReasons.MessageMalformed),
        _ => null,
    };

    // gRPC's messages are percent-encoded; ours are printable ASCII but for the percent sign.
    private static string PercentEncode(string message) => message.Replace("%", "%25", StringComparison.Ordinal);
}

using System.Globalization;
using Grpc.Core;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Primitives;
using YMaskNet.Server.Transport;
using RichStatus = Google.Rpc.Status;

namespace YMaskNet.Server.Errors;

/// <summary>
/// Gives details to the errors that gRPC raises itself, before a handler and its interceptors run or after: a message
/// above the limit, one that can't be parsed, an unknown method or encoding.
/// </summary>
internal sealed class TransportErrorMiddleware(RequestDelegate next, ILogger<TransportErrorMiddleware> log)
{
    private const string EncodingHeader = "grpc-encoding";

    public async Task InvokeAsync(HttpContext context)
    {
        await next(context);

        // A status stands in the headers, or in the trailers once a response has started, and is sent after this.
        bool started = context.Response.HasStarted;
        IHeaderDictionary? headers = started
            ? context.Features.Get<IHttpResponseTrailersFeature>()?.Trailers
            : context.Response.Headers;
        if (headers is null
            || headers.IsReadOnly
            || headers.ContainsKey(ErrorTable.DetailsTrailer)
            || !headers.TryGetValue(GrpcResponse.StatusHeader, out StringValues value)
            || !int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out int code))
            return;

        string message = Uri.UnescapeDataString(headers[GrpcResponse.MessageHeader].ToString());
        string? encoding = context.Request.Headers[EncodingHeader];
        if (Describe((StatusCode)code, message, encoding, started) is not { } status)
            return;

        RequestLog.Failed(log, context.Request.Path, status, error: null);
        GrpcResponse.Write(headers, status);
    }

    private static RichStatus? Describe(StatusCode code, string message, string? encoding, bool started) => code switch
    {
        StatusCode.ResourceExhausted => ErrorTable.MessageTooLarge(message),
        StatusCode.Unimplemented when encoding is not (null or "identity" or GzipProvider.Encoding) =>
            ErrorTable.WithReason(code, message, ErrorReasons.EncodingUnknown),
        StatusCode.Unimplemented => ErrorTable.WithReason(code, message, ErrorReasons.MethodUnknown),

        // Nothing of ours answers UNKNOWN: before a response it is what gRPC makes of an exception while it reads a
        // request, and INTERNAL of an incomplete or wrongly framed one.
        StatusCode.Unknown or StatusCode.Internal when !started => ErrorTable.MessageMalformed(),
        StatusCode.Unknown or StatusCode.Internal => ErrorTable.Internal(),
        _ => null,
    };
}

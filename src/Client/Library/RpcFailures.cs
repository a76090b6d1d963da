using System.Net.Sockets;
using System.Security.Authentication;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using Grpc.Core;

namespace YMaskNet.Client;

/// <summary>Turns failures of the transport into the exceptions that the library documents.</summary>
internal static class RpcFailures
{
    private const string StatusDetailsTrailer = "grpc-status-details-bin";

    /// <summary>The caller's own cancellation stays one; everything else becomes an <see cref="InspectionFailedException"/>.</summary>
    public static Exception Translate(RpcException exception, CancellationToken cancellationToken) =>
        exception.StatusCode == StatusCode.Cancelled && cancellationToken.IsCancellationRequested
            ? new OperationCanceledException(exception.Status.Detail, exception, cancellationToken)
            : Translate(exception);

    public static InspectionFailedException Translate(RpcException exception)
    {
        IReadOnlyList<Any> details = DetailsOf(exception.Trailers);
        ErrorInfo? info = Find<ErrorInfo>(details);
        return new InspectionFailedException(
            StatusOf(exception),
            info?.Reason ?? "",
            exception.Status.Detail,
            info is null ? null : new Dictionary<string, string>(info.Metadata),
            exception)
        {
            RetryDelay = Find<RetryInfo>(details)?.RetryDelay is { } delay ? DelayOf(delay) : null,
        };
    }

    // The transport calls it an internal error when a connection breaks, or does not come to stand since one side does not believe
    // the other; to a caller the server can't be reached. What ended for a reason of its own, such as a deadline, keeps that.
    private static StatusCode StatusOf(RpcException exception) =>
        exception.StatusCode == StatusCode.Internal && IsConnection(exception.Status.DebugException)
            ? StatusCode.Unavailable
            : exception.StatusCode;

    // An answer that breaks HTTP/2's rules is another matter.
    private static bool IsConnection(Exception? cause) => cause switch
    {
        null or HttpProtocolException => false,
        AuthenticationException or SocketException or IOException or ObjectDisposedException => true,

        // Without a cause of its own: HTTP/2 never came to stand on the connection.
        HttpRequestException { InnerException: null } => true,
        _ => IsConnection(cause.InnerException),
    };

    private static IReadOnlyList<Any> DetailsOf(Metadata trailers)
    {
        byte[]? bytes = trailers.GetValueBytes(StatusDetailsTrailer);
        try
        {
            return bytes is null ? [] : Google.Rpc.Status.Parser.ParseFrom(bytes).Details;
        }
        catch (InvalidProtocolBufferException)
        {
            // The status itself is known; unreadable details must not hide it.
            return [];
        }
    }

    private static T? Find<T>(IReadOnlyList<Any> details)
        where T : class, IMessage<T>, new()
    {
        foreach (Any detail in details)
        {
            try
            {
                if (detail.TryUnpack(out T found))
                    return found;
            }
            catch (InvalidProtocolBufferException)
            {
                // As above.
            }
        }

        return null;
    }

    // A duration that breaks protobuf's rules is no reason to fail in another way.
    private static TimeSpan? DelayOf(Duration delay) =>
        delay.Seconds is >= 0 and < Duration.MaxSeconds && delay.Nanos is >= 0 and < Duration.NanosecondsPerSecond
            ? delay.ToTimeSpan()
            : null;
}

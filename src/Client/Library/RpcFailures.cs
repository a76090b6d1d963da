using Google.Protobuf;
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
        ErrorInfo? info = FindErrorInfo(exception.Trailers);
        return new InspectionFailedException(
            exception.StatusCode,
            info?.Reason ?? "",
            exception.Status.Detail,
            info is null ? null : new Dictionary<string, string>(info.Metadata),
            exception);
    }

    private static ErrorInfo? FindErrorInfo(Metadata trailers)
    {
        byte[]? bytes = trailers.GetValueBytes(StatusDetailsTrailer);
        if (bytes is null)
            return null;

        try
        {
            return Google.Rpc.Status.Parser.ParseFrom(bytes).Details
                .Where(detail => detail.Is(ErrorInfo.Descriptor))
                .Select(detail => detail.Unpack<ErrorInfo>())
                .FirstOrDefault();
        }
        catch (InvalidProtocolBufferException)
        {
            // The status itself is known; unreadable details must not hide it.
            return null;
        }
    }
}

using Google.Rpc;
using Grpc.Core;
using RichStatus = Google.Rpc.Status;

namespace YMaskNet.Server.Errors;

/// <summary>Log of calls; event ids 1000 to 1099.</summary>
internal static partial class RequestLog
{
    /// <summary>Logs a failed call, or a failed frame of a session, at the level that its status deserves.</summary>
    /// <param name="log">Where to.</param>
    /// <param name="method">Path of the method.</param>
    /// <param name="status">What the caller is told.</param>
    /// <param name="error">What happened, if it is known.</param>
    public static void Failed(ILogger log, string method, RichStatus status, Exception? error)
    {
        StatusCode code = (StatusCode)status.Code;
        ErrorInfo? info = ErrorTable.InfoOf(status);
        switch (code)
        {
            case StatusCode.Cancelled or StatusCode.DeadlineExceeded:
                CallerLeft(log, method, code);
                break;
            case StatusCode.Internal or StatusCode.Unknown:
                ServerFailed(log, method, error);
                break;
            default:
                Refused(log, method, code, info?.Reason, info?.Metadata.GetValueOrDefault(ErrorReasons.FieldKey), status.Message);
                break;
        }
    }

    [LoggerMessage(1000, LogLevel.Error, "{Method} failed.")]
    private static partial void ServerFailed(ILogger logger, string method, Exception? exception);

    [LoggerMessage(1001, LogLevel.Information, "{Method} refused: {Code} {Reason} ({Field}): {Message}")]
    private static partial void Refused(
        ILogger logger, string method, StatusCode code, string? reason, string? field, string message);

    [LoggerMessage(1002, LogLevel.Debug, "{Method} ended by its caller: {Code}.")]
    private static partial void CallerLeft(ILogger logger, string method, StatusCode code);
}

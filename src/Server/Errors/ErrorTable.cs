using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using Grpc.Core;
using YMaskNet.Inference;
using RichStatus = Google.Rpc.Status;

namespace YMaskNet.Server.Errors;

/// <summary>The one table from what went wrong to the status and the details that a caller gets.</summary>
internal static class ErrorTable
{
    /// <summary>The trailer of a serialized google.rpc.Status.</summary>
    public const string DetailsTrailer = "grpc-status-details-bin";

    // A queue whose pace is not known yet moves on within about an image's time; a caller that comes back sooner than
    // in a few milliseconds only asks twice.
    private static readonly TimeSpan UnknownRetryDelay = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan ShortestRetryDelay = TimeSpan.FromMilliseconds(5);

    /// <summary>The status of an exception.</summary>
    /// <param name="error">What a handler threw.</param>
    /// <param name="callerLeft">Whether the call was over when it was thrown: cancelled, hung up or out of time.</param>
    /// <param name="deadlinePassed">Whether the caller's deadline has passed.</param>
    public static RichStatus StatusOf(Exception error, bool callerLeft, bool deadlinePassed) => error switch
    {
        InspectionException refused => StatusOf(refused),
        RpcException rpc => StatusOf(rpc),
        InvalidProtocolBufferException or InvalidDataException => MessageMalformed(),

        // A caller that leaves surfaces as whatever the transport was doing at that moment.
        OperationCanceledException or IOException or InvalidOperationException when callerLeft && deadlinePassed =>
            Plain(StatusCode.DeadlineExceeded, "The deadline passed."),
        OperationCanceledException or IOException or InvalidOperationException when callerLeft =>
            Plain(StatusCode.Cancelled, "The call was cancelled."),

        _ => Internal(),
    };

    /// <summary>A fault of the server, of which callers are told no more.</summary>
    public static RichStatus Internal() =>
        WithReason(StatusCode.Internal, "The server failed; its log says why.", ErrorReasons.Internal);

    /// <summary>A message above a size limit.</summary>
    public static RichStatus MessageTooLarge(string message) =>
        WithReason(StatusCode.ResourceExhausted, message, ErrorReasons.MessageTooLarge);

    /// <summary>A message that is not the protobuf message that the method takes.</summary>
    public static RichStatus MessageMalformed() =>
        WithReason(StatusCode.InvalidArgument, "The message can't be read as the method's request.", ErrorReasons.MessageMalformed);

    /// <summary>A status with a reason and nothing else.</summary>
    public static RichStatus WithReason(StatusCode code, string message, string reason)
    {
        RichStatus status = Plain(code, message);
        status.Details.Add(Any.Pack(new ErrorInfo { Reason = reason, Domain = ErrorReasons.Domain }));
        return status;
    }

    /// <summary>The exception that makes gRPC send a status with its details.</summary>
    public static RpcException ToRpcException(RichStatus status)
    {
        Metadata trailers = [];
        if (status.Details.Count > 0)
            trailers.Add(DetailsTrailer, status.ToByteArray());

        return new RpcException(new Grpc.Core.Status((StatusCode)status.Code, status.Message), trailers);
    }

    /// <summary>The reason and metadata in a status, if it has them.</summary>
    public static ErrorInfo? InfoOf(RichStatus status)
    {
        foreach (Any detail in status.Details)
        {
            if (detail.TryUnpack(out ErrorInfo info))
                return info;
        }

        return null;
    }

    private static RichStatus StatusOf(InspectionException error)
    {
        RichStatus status = Plain(CodeOf(error.Kind), error.Message);
        ErrorInfo info = new() { Reason = error.Reason, Domain = ErrorReasons.Domain };
        if (error.Field is not null)
            info.Metadata.Add(ErrorReasons.FieldKey, error.Field);

        status.Details.Add(Any.Pack(info));

        if (error.Kind == InspectionErrorKind.InvalidArgument && error.Field is not null)
        {
            BadRequest badRequest = new();
            badRequest.FieldViolations.Add(
                new BadRequest.Types.FieldViolation { Field = error.Field, Description = error.Message, Reason = error.Reason });
            status.Details.Add(Any.Pack(badRequest));
        }

        if (error.RetryAfter is { } delay)
            status.Details.Add(Any.Pack(new RetryInfo { RetryDelay = Duration.FromTimeSpan(RetryDelay(delay)) }));

        return status;
    }

    private static TimeSpan RetryDelay(TimeSpan expected) => expected switch
    {
        { Ticks: 0 } => UnknownRetryDelay,
        _ when expected < ShortestRetryDelay => ShortestRetryDelay,
        _ => expected,
    };

    // gRPC's own exceptions come without details; those of ToRpcException keep theirs.
    private static RichStatus StatusOf(RpcException error)
    {
        if (error.Trailers.GetValueBytes(DetailsTrailer) is { } details)
            return RichStatus.Parser.ParseFrom(details);

        return error.StatusCode == StatusCode.ResourceExhausted
            ? MessageTooLarge(error.Status.Detail)
            : Plain(error.StatusCode, error.Status.Detail);
    }

    private static StatusCode CodeOf(InspectionErrorKind kind) => kind switch
    {
        InspectionErrorKind.InvalidArgument => StatusCode.InvalidArgument,
        InspectionErrorKind.NotFound => StatusCode.NotFound,
        InspectionErrorKind.FailedPrecondition => StatusCode.FailedPrecondition,
        InspectionErrorKind.ResourceExhausted => StatusCode.ResourceExhausted,
        InspectionErrorKind.DeadlineExceeded => StatusCode.DeadlineExceeded,
        InspectionErrorKind.Unavailable => StatusCode.Unavailable,
        _ => StatusCode.Internal,
    };

    private static RichStatus Plain(StatusCode code, string message) => new() { Code = (int)code, Message = message };
}

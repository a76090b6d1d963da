using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using Grpc.Core;

namespace YMaskNet.Client.Tests.Support;

/// <summary>Errors as the contract has them: a status with an ErrorInfo.</summary>
internal static class RpcErrors
{
    public static RpcException Create(StatusCode code, string reason, string message, string? field = null, TimeSpan? retryDelay = null)
    {
        ErrorInfo info = new() { Reason = reason, Domain = "ymasknet" };
        if (field is not null)
            info.Metadata["field"] = field;
        Google.Rpc.Status status = new() { Code = (int)code, Message = message, Details = { Any.Pack(info) } };
        if (retryDelay is { } delay)
            status.Details.Add(Any.Pack(new RetryInfo { RetryDelay = Duration.FromTimeSpan(delay) }));
        Metadata trailers = new() { { "grpc-status-details-bin", status.ToByteArray() } };
        return new RpcException(new Grpc.Core.Status(code, message), trailers);
    }
}

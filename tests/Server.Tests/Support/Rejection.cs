using Google.Protobuf;
using Google.Rpc;
using RichStatus = Google.Rpc.Status;

namespace YMaskNet.Server.Tests.Support;

/// <summary>How a call failed.</summary>
internal sealed record Rejection(StatusCode Code, string Message, string? Reason, string? Field, RichStatus? Details)
{
    /// <summary>Awaits a call that must fail.</summary>
    public static async Task<Rejection> OfAsync(Func<Task> call) => Of(await Assert.ThrowsAsync<RpcException>(call));

    public static Rejection Of(RpcException error)
    {
        RichStatus? details = error.GetRpcDetails();
        ErrorInfo? info = details?.Details.Select(any => any.TryUnpack(out ErrorInfo unpacked) ? unpacked : null).FirstOrDefault(i => i is not null);
        if (details is not null)
        {
            Assert.Equal((int)error.StatusCode, details.Code);
            Assert.Equal(error.Status.Detail, details.Message);
        }

        if (info is not null)
            Assert.Equal("ymasknet", info.Domain);

        return new Rejection(
            error.StatusCode, error.Status.Detail, info?.Reason, info?.Metadata.GetValueOrDefault("field"), details);
    }

    /// <summary>The detail of a type.</summary>
    public T Detail<T>()
        where T : class, IMessage<T>, new() =>
        Details?.Details.Select(any => any.TryUnpack(out T unpacked) ? unpacked : null).FirstOrDefault(detail => detail is not null)
        ?? throw new KeyNotFoundException($"The status has no {typeof(T).Name}.");
}

file static class RpcExceptionExtensions
{
    public static RichStatus? GetRpcDetails(this RpcException error) =>
        error.Trailers.GetValueBytes("grpc-status-details-bin") is { } bytes ? RichStatus.Parser.ParseFrom(bytes) : null;
}

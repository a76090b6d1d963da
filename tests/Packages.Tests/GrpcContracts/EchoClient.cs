using Grpc.Core;

namespace YMaskNet.Packages.Tests.GrpcContracts;

/// <summary>What a generated client of <see cref="EchoService"/> would be.</summary>
public class EchoClient : ClientBase<EchoClient>
{
    public EchoClient(CallInvoker invoker)
        : base(invoker)
    {
    }

    public EchoClient()
    {
    }

    private EchoClient(ClientBaseConfiguration configuration)
        : base(configuration)
    {
    }

    public AsyncUnaryCall<string> Echo(string request, CallOptions options = default) =>
        CallInvoker.AsyncUnaryCall(EchoService.Echo, null, options, request);

    public AsyncClientStreamingCall<string, string> Join() =>
        CallInvoker.AsyncClientStreamingCall(EchoService.Join, null, default);

    public AsyncServerStreamingCall<string> Split(string request) =>
        CallInvoker.AsyncServerStreamingCall(EchoService.Split, null, default, request);

    public AsyncDuplexStreamingCall<string, string> Chat() =>
        CallInvoker.AsyncDuplexStreamingCall(EchoService.Chat, null, default);

    protected override EchoClient NewInstance(ClientBaseConfiguration configuration) => new(configuration);
}

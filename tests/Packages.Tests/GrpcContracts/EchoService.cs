using Grpc.Core;

namespace YMaskNet.Packages.Tests.GrpcContracts;

/// <summary>A service bound by hand, of all four call kinds, over strings.</summary>
[BindServiceMethod(typeof(EchoService), nameof(Bind))]
public class EchoService
{
    public static readonly Method<string, string> Echo = Define(MethodType.Unary, nameof(EchoOnce));
    public static readonly Method<string, string> Join = Define(MethodType.ClientStreaming, nameof(JoinAll));
    public static readonly Method<string, string> Split = Define(MethodType.ServerStreaming, nameof(SplitWords));
    public static readonly Method<string, string> Chat = Define(MethodType.DuplexStreaming, nameof(EchoEach));

    public static void Bind(ServiceBinderBase binder, EchoService? service)
    {
        binder.AddMethod(Echo, service is null ? null : new UnaryServerMethod<string, string>(service.EchoOnce));
        binder.AddMethod(Join, service is null ? null : new ClientStreamingServerMethod<string, string>(service.JoinAll));
        binder.AddMethod(Split, service is null ? null : new ServerStreamingServerMethod<string, string>(service.SplitWords));
        binder.AddMethod(Chat, service is null ? null : new DuplexStreamingServerMethod<string, string>(service.EchoEach));
    }

    /// <summary>Echoes, but "refuse" ends with a status and trailers, and "wait" waits for cancellation.</summary>
    public virtual async Task<string> EchoOnce(string request, ServerCallContext context)
    {
        switch (request)
        {
            case "refuse":
                Metadata trailers = new() { { "reason", "asked" } };
                throw new RpcException(new Status(StatusCode.FailedPrecondition, "as asked"), trailers);
            case "wait":
                await Task.Delay(Timeout.Infinite, context.CancellationToken);
                break;
        }

        context.ResponseTrailers.Add("length", request.Length.ToString());
        return request;
    }

    public virtual async Task<string> JoinAll(IAsyncStreamReader<string> requests, ServerCallContext context)
    {
        List<string> words = [];
        await foreach (string word in requests.ReadAllAsync(context.CancellationToken))
        {
            words.Add(word);
        }

        return string.Join(' ', words);
    }

    public virtual async Task SplitWords(
        string request, IServerStreamWriter<string> responses, ServerCallContext context)
    {
        foreach (string word in request.Split(' '))
        {
            await responses.WriteAsync(word, context.CancellationToken);
        }
    }

    public virtual async Task EchoEach(
        IAsyncStreamReader<string> requests, IServerStreamWriter<string> responses, ServerCallContext context)
    {
        await foreach (string word in requests.ReadAllAsync(context.CancellationToken))
        {
            await responses.WriteAsync(word, context.CancellationToken);
        }
    }

    private static Method<string, string> Define(MethodType type, string name) =>
        new(type, "test.Echo", name, Marshallers.StringMarshaller, Marshallers.StringMarshaller);
}

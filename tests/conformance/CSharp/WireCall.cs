using Google.Rpc;
using Grpc.Core;
using Grpc.Net.Client;
using YMaskNet.Client;
using YMaskNet.V1;
using RichStatus = Google.Rpc.Status;
using Task = System.Threading.Tasks.Task;

namespace YMaskNet.Conformance.CSharp;

/// <summary>A call whose messages are bytes, for what the client library does not send.</summary>
internal sealed class WireCall : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private static readonly Marshaller<byte[]> Bytes = Marshallers.Create(bytes => bytes, bytes => bytes);

    private readonly AsyncDuplexStreamingCall<byte[], byte[]> _call;
    private readonly bool _answersAreFrames;

    /// <summary>Begins the call.</summary>
    /// <param name="channel">Where to.</param>
    /// <param name="method">SERVICE/METHOD.</param>
    /// <param name="compression">How messages are compressed; <see langword="null"/>: not at all.</param>
    /// <param name="answersAreFrames">Whether answers are those of a session, whose errors count.</param>
    public WireCall(GrpcChannel channel, string method, string? compression, bool answersAreFrames)
    {
        _answersAreFrames = answersAreFrames;
        string[] names = method.Split('/');
        Method<byte[], byte[]> description = new(MethodType.DuplexStreaming, names[0], names[1], Bytes, Bytes);
        Metadata headers = compression is null ? [] : [new Metadata.Entry("grpc-internal-encoding-request", compression)];
        _call = channel.CreateCallInvoker().AsyncDuplexStreamingCall(
            description, null, new CallOptions(headers, DateTime.UtcNow + Patience));
    }

    /// <summary>Sends the messages, and says how many answers came, and how the call ended.</summary>
    /// <param name="messages">The messages.</param>
    /// <param name="hold">Whether the caller's side stays open.</param>
    public async Task<List<string>> RunAsync(IEnumerable<byte[]> messages, bool hold)
    {
        try
        {
            await SendAsync(messages, hold);
            List<byte[]> answers = [];
            while (await _call.ResponseStream.MoveNext(CancellationToken.None))
                answers.Add(_call.ResponseStream.Current);
            return _answersAreFrames ? FrameErrors(answers) : [$"answers {answers.Count}"];
        }
        catch (RpcException failure)
        {
            return [CanonicalText.Of(Translate(failure))];
        }
    }

    public void Dispose() => _call.Dispose();

    private async Task SendAsync(IEnumerable<byte[]> messages, bool hold)
    {
        try
        {
            foreach (byte[] message in messages)
                await _call.RequestStream.WriteAsync(message);
            if (!hold)
                await _call.RequestStream.CompleteAsync();
        }
        catch (Exception failure) when (failure is RpcException or InvalidOperationException or IOException)
        {
            // The call is over already; reading says why.
        }
    }

    private static List<string> FrameErrors(List<byte[]> answers) =>
    [
        .. answers.Select(InspectStreamResponse.Parser.ParseFrom)
            .Where(answer => answer.Result?.Error is not null)
            .Select(answer => CanonicalText.Of(InspectionFailedException.FromFrame(answer.Result.Error))),
    ];

    private static InspectionFailedException Translate(RpcException failure)
    {
        ErrorInfo? info = null;
        if (failure.Trailers.GetValueBytes("grpc-status-details-bin") is { } bytes)
        {
            foreach (Google.Protobuf.WellKnownTypes.Any detail in RichStatus.Parser.ParseFrom(bytes).Details)
            {
                if (detail.TryUnpack(out ErrorInfo unpacked))
                    info = unpacked;
            }
        }

        return new InspectionFailedException(
            failure.StatusCode, info?.Reason ?? "", failure.Status.Detail, info is null ? null : new Dictionary<string, string>(info.Metadata));
    }
}

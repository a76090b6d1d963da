using System.IO.Compression;
using System.Net;
using Grpc.Core;
using Grpc.Core.Interceptors;
using Grpc.Net.Client;
using Grpc.Net.Compression;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace YMaskNet.Packages.Tests.GrpcContracts;

/// <summary>The genuine server and client talk to each other over the contract assemblies beside them.</summary>
public sealed class GenuineCallTests : IAsyncLifetime
{
    private WebApplication _server = null!;
    private GrpcChannel _channel = null!;
    private EchoClient _client = null!;

    public async ValueTask InitializeAsync()
    {
        WebApplicationBuilder builder = WebApplication.CreateBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(options =>
            options.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2));
        builder.Services.AddGrpc(options =>
        {
            options.ResponseCompressionAlgorithm = "gzip";
            options.ResponseCompressionLevel = CompressionLevel.Fastest;
        });
        _server = builder.Build();
        _server.MapGrpcService<EchoService>();
        await _server.StartAsync();
        _channel = GrpcChannel.ForAddress(_server.Urls.Single());
        _client = new EchoClient(_channel.CreateCallInvoker());
    }

    public async ValueTask DisposeAsync()
    {
        _channel.Dispose();
        await _server.DisposeAsync();
    }

    [Theory]
    [InlineData("")]
    [InlineData("short, open, mousebite")]
    public async Task UnaryCall_CompressedResponse_GivesTheMessageAndTrailers(string message)
    {
        using AsyncUnaryCall<string> call = _client.Echo(message);

        Assert.Equal(message, await call);
        Assert.Equal(StatusCode.OK, call.GetStatus().StatusCode);
        Assert.Equal(message.Length.ToString(), call.GetTrailers().GetValue("length"));
    }

    [Fact]
    public async Task UnaryCall_HandlerRefuses_GivesStatusAndTrailers()
    {
        RpcException error = await Assert.ThrowsAsync<RpcException>(async () => await _client.Echo("refuse"));

        Assert.Equal(StatusCode.FailedPrecondition, error.StatusCode);
        Assert.Equal("as asked", error.Status.Detail);
        Assert.Equal("asked", error.Trailers.GetValue("reason"));
    }

    [Fact]
    public async Task UnaryCall_DeadlinePasses_GivesDeadlineExceeded()
    {
        CallOptions options = new(deadline: DateTime.UtcNow.AddMilliseconds(50));

        RpcException error = await Assert.ThrowsAsync<RpcException>(async () => await _client.Echo("wait", options));

        Assert.Equal(StatusCode.DeadlineExceeded, error.StatusCode);
    }

    [Fact]
    public async Task UnaryCall_CallerCancels_GivesCancelled()
    {
        using CancellationTokenSource source = new();
        AsyncUnaryCall<string> call = _client.Echo("wait", new CallOptions(cancellationToken: source.Token));
        await source.CancelAsync();

        RpcException error = await Assert.ThrowsAsync<RpcException>(async () => await call);

        Assert.Equal(StatusCode.Cancelled, error.StatusCode);
    }

    [Fact]
    public async Task ClientStreamingCall_SeveralMessages_AreAllSeen()
    {
        using AsyncClientStreamingCall<string, string> call = _client.Join();
        await call.RequestStream.WriteAsync("missing");
        await call.RequestStream.WriteAsync("hole");
        await call.RequestStream.CompleteAsync();

        Assert.Equal("missing hole", await call);
    }

    [Fact]
    public async Task ServerStreamingCall_SeveralMessages_ArriveInOrder()
    {
        using AsyncServerStreamingCall<string> call = _client.Split("a b c");

        Assert.Equal(["a", "b", "c"], await call.ResponseStream.ReadAllAsync().ToListAsync());
    }

    [Fact]
    public async Task DuplexStreamingCall_MessageByMessage_IsAnswered()
    {
        using AsyncDuplexStreamingCall<string, string> call = _client.Chat();
        foreach (string word in new[] { "spur", "", "pin hole" })
        {
            await call.RequestStream.WriteAsync(word);
            Assert.True(await call.ResponseStream.MoveNext());
            Assert.Equal(word, call.ResponseStream.Current);
        }

        await call.RequestStream.CompleteAsync();
        Assert.False(await call.ResponseStream.MoveNext());
    }

    [Fact]
    public async Task Intercept_TwoInterceptors_TheFirstSeesTheCallFirst()
    {
        List<string> order = [];
        CallInvoker invoker = _channel.Intercept(new Recorder("outer", order), new Recorder("inner", order));

        string answer = await new EchoClient(invoker).Echo("board");

        Assert.Equal("board", answer);
        Assert.Equal(["outer", "inner"], order);
    }

    [Fact]
    public async Task WithHost_Call_NamesTheHost()
    {
        List<string> order = [];
        EchoClient client = new EchoClient(_channel.Intercept(new Recorder("call", order))).WithHost("line-7");

        Assert.Equal("board", await client.Echo("board"));
        Assert.Equal(["call line-7"], order);
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("deflate")]
    public void CompressionProvider_AnyMessage_IsNeverEmptyAndComesBack(string encoding)
    {
        ICompressionProvider provider = encoding == "gzip"
            ? new GzipCompressionProvider(CompressionLevel.Fastest)
            : new DeflateCompressionProvider(CompressionLevel.Fastest);
        bool isStandIn = StandIn.Is(provider.GetType().Assembly);

        foreach (byte[] message in new byte[][] { [], [7], [.. Enumerable.Range(0, 999).Select(i => (byte)i)] })
        {
            MemoryStream compressed = new();
            using (Stream compressor = provider.CreateCompressionStream(compressed, null))
            {
                compressor.Write(message);
            }

            // Strict peers reject an empty encoding; the genuine provider may emit one for an empty message.
            Assert.True(compressed.Length > 0 || (message.Length == 0 && !isStandIn));
            compressed.Position = 0;
            MemoryStream restored = new();
            provider.CreateDecompressionStream(compressed).CopyTo(restored);
            Assert.Equal(message, restored.ToArray());
        }
    }

    private sealed class Recorder(string name, List<string> order) : Interceptor
    {
        public override AsyncUnaryCall<TResponse> AsyncUnaryCall<TRequest, TResponse>(
            TRequest request,
            ClientInterceptorContext<TRequest, TResponse> context,
            AsyncUnaryCallContinuation<TRequest, TResponse> continuation)
        {
            order.Add(context.Host is null ? name : $"{name} {context.Host}");
            return continuation(request, context);
        }
    }
}

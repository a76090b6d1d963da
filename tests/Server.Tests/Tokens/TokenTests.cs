using System.Net;
using Grpc.Health.V1;
using YMaskNet.Client;
using YMaskNet.Server.FileWatch;
using YMaskNet.Server.Tokens;
using HealthClient = Grpc.Health.V1.Health.HealthClient;

namespace YMaskNet.Server.Tests.Tokens;

/// <summary>A server that wants tokens, called with and without.</summary>
public sealed class TokenTests : IDisposable
{
    private const string Token = "the-token-of-line-1-x7Kq";
    private const string NextToken = "the-token-of-line-2-p0Zw";

    private readonly TemporaryFolder _folder = new();

    private string Tokens => Path.Combine(_folder.Path, "tokens");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Call_Token_EveryKindOfCallIsAnswered()
    {
        await using TestServer server = await StartAsync();
        using InspectionClient client = Connect(server, Token);

        await using InspectionSession session = await client.OpenSessionAsync(new SessionOptions { Task = Wire.Task.Detect });
        await session.WriteAsync(ImageInput.FromBytes(Boards.PngFile).ToFrame(1));
        await session.CompleteAsync();
        FoundBlobs.Check(Assert.Single(await session.ReadAllAsync().ToListAsync()).Defects);
        FoundBlobs.Check((await client.DetectAsync(ImageInput.FromBytes(Boards.PngFile))).Defects);
        await client.InspectBoardAsync(
            BoardInput.FromPixels(new byte[64 * 64], 64, 64, Wire.PixelFormat.Mono8), new BoardOptions { Task = Wire.Task.Detect });
    }

    [Theory]
    [InlineData(null, "TOKEN_MISSING")]
    [InlineData("Bearer the-token-of-line-1-x7Kr", "TOKEN_INVALID")]
    [InlineData("Bearer", "TOKEN_INVALID")]
    [InlineData("Basic the-token-of-line-1-x7Kq", "TOKEN_INVALID")]
    [InlineData("the-token-of-line-1-x7Kq", "TOKEN_INVALID")]
    public async Task Call_NoTokenOrAWrongOne_Unauthenticated(string? authorization, string reason)
    {
        await using TestServer server = await StartAsync();
        Metadata headers = authorization is null ? [] : new Metadata { { "authorization", authorization } };

        Rejection unary = await Rejection.OfAsync(
            () => server.Inspection.DetectAsync(new Wire.DetectRequest { Image = Boards.Png }, headers).ResponseAsync);
        using AsyncDuplexStreamingCall<Wire.InspectStreamRequest, Wire.InspectStreamResponse> stream = server.Inspection.InspectStream(headers);
        Rejection duplex = await Rejection.OfAsync(() => stream.ResponseStream.MoveNext(CancellationToken.None));

        Assert.Equal((StatusCode.Unauthenticated, reason), (unary.Code, unary.Reason));
        Assert.Equal((StatusCode.Unauthenticated, reason), (duplex.Code, duplex.Reason));
        Assert.Contains(server.Log.Entries, entry => entry.EventId == 1001 && entry.Message.Contains(reason, StringComparison.Ordinal));
        Assert.DoesNotContain(server.Log.Entries, entry => entry.Message.Contains("x7K", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Call_TwoTokens_Unauthenticated()
    {
        await using TestServer server = await StartAsync();
        Metadata headers = new() { { "authorization", $"Bearer {Token}" }, { "authorization", $"Bearer {Token}" } };

        Rejection rejection = await Rejection.OfAsync(() => server.Models.ListModelsAsync(new Wire.ListModelsRequest(), headers).ResponseAsync);

        Assert.Equal((StatusCode.Unauthenticated, "TOKEN_INVALID"), (rejection.Code, rejection.Reason));
    }

    [Fact]
    public async Task Call_LargeMessageWithoutAToken_RefusedUnread()
    {
        await using TestServer server = await StartAsync();
        Wire.DetectRequest request = new() { Image = Boards.Encoded(new byte[16 << 20]) };

        Rejection rejection = await Rejection.OfAsync(() => server.Inspection.DetectAsync(request).ResponseAsync);

        Assert.Equal((StatusCode.Unauthenticated, "TOKEN_MISSING"), (rejection.Code, rejection.Reason));
    }

    [Fact]
    public async Task Call_UnknownMethodWithoutAToken_SaysNoMoreThanThatOneIsMissing()
    {
        await using TestServer server = await StartAsync();

        RawAnswer answer = await RawCall.SendAsync(server.Address, "/no.such.Service/Method", RawCall.Framed([]));

        Assert.Equal((StatusCode.Unauthenticated, "TOKEN_MISSING"), (answer.Code, answer.Reason));
    }

    [Fact]
    public async Task Request_NotOfGrpc_Unauthorized()
    {
        await using TestServer server = await StartAsync();
        using HttpClient http = new();
        using HttpRequestMessage request = new(HttpMethod.Get, server.Address)
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };

        using HttpResponseMessage response = await http.SendAsync(request);

        Assert.Equal((HttpStatusCode.Unauthorized, "Bearer"), (response.StatusCode, response.Headers.WwwAuthenticate.ToString()));
    }

    [Fact]
    public async Task Health_WithoutAToken_Answered()
    {
        await using TestServer server = await StartAsync();

        HealthCheckResponse response = await new HealthClient(server.Channel).CheckAsync(new HealthCheckRequest());

        Assert.Equal(HealthCheckResponse.Types.ServingStatus.Serving, response.Status);
    }

    [Fact]
    public async Task Call_UnixSocket_NeedsATokenToo()
    {
        await File.WriteAllTextAsync(Tokens, $"line-1:{Token}\n");
        await using LocalServer server = await LocalServer.StartAsync("--tokens", Tokens);
        using InspectionClient known = InspectionClient.Connect($"unix://{server.SocketPath}", new InspectionClientOptions { Token = Token });

        Assert.NotEmpty((await known.ListModelsAsync()).Models);
        await using SharedMemoryLease lease = await known.LeaseSharedMemoryAsync(4096, 1);
        InspectionFailedException failure = await Assert.ThrowsAsync<InspectionFailedException>(() => server.Client.ListModelsAsync());
        Assert.Equal((StatusCode.Unauthenticated, "TOKEN_MISSING"), (failure.StatusCode, failure.Reason));
    }

    [Fact]
    public async Task TokensChange_NewOnesAreKnownAndOldOnesAreNot()
    {
        await using TestServer server = await StartAsync();
        using InspectionClient old = Connect(server, Token);
        using InspectionClient next = Connect(server, NextToken);
        await old.ListModelsAsync();

        await File.WriteAllTextAsync(Tokens, $"line-2:{NextToken}\n");
        Look(server);

        Assert.NotEmpty((await next.ListModelsAsync()).Models);
        InspectionFailedException failure = await Assert.ThrowsAsync<InspectionFailedException>(() => old.ListModelsAsync());
        Assert.Equal((StatusCode.Unauthenticated, "TOKEN_INVALID"), (failure.StatusCode, failure.Reason));
        Assert.Contains(server.Log.Entries, entry => entry.Message == "In use: the tokens of line-2.");
    }

    [Fact]
    public async Task TokensChange_BrokenFile_OldOnesStay()
    {
        await using TestServer server = await StartAsync();
        using InspectionClient client = Connect(server, Token);

        await File.WriteAllTextAsync(Tokens, "");
        Look(server);

        Assert.NotEmpty((await client.ListModelsAsync()).Models);
        Assert.Single(server.Log.Entries, entry => entry.EventId == 1701);
    }

    [Fact]
    public async Task Start_NoFile_OneLineAndExitCode7()
    {
        using ServerRun server = ServerRun.Start("--tokens", Tokens, "--models", "/nowhere");

        (int exitCode, _, string error) = await server.EndAsync();

        Assert.Equal((7, $"ymasknet: there is no file {Tokens}\n"), (exitCode, error));
    }

    private async Task<TestServer> StartAsync()
    {
        await File.WriteAllTextAsync(Tokens, $"line-1:{Token}\n");
        return await TestServer.StartAsync("--tokens", Tokens);
    }

    private static InspectionClient Connect(TestServer server, string token) =>
        InspectionClient.Connect(server.Address, new InspectionClientOptions { Token = token });

    private static void Look(TestServer server)
    {
        WatchedFiles<AccessTokens> files = server.Part<WatchedFiles<AccessTokens>>();
        files.Look();
        files.Look();
    }
}

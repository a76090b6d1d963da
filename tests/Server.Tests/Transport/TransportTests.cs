using System.IO.Compression;
using Google.Protobuf;
using Grpc.Net.Client;
using Grpc.Net.Compression;
using Microsoft.Extensions.Logging;

namespace YMaskNet.Server.Tests.Transport;

public sealed class TransportTests(SharedServer shared)
{
    private const string DetectMethod = "/ymasknet.v1.InspectionService/Detect";

    private readonly TestServer _server = shared.Server;

    [Fact]
    public async Task Detect_GzippedRequest_Read()
    {
        Wire.DetectResponse response = await _server.Inspection.DetectAsync(
            new Wire.DetectRequest { Image = Boards.Mono8 }, new Metadata { { "grpc-internal-encoding-request", "gzip" } });

        FoundBlobs.Check(response.Defects);
    }

    [Fact]
    public async Task ListModels_EmptyRequestAsGzipMember_Read()
    {
        using MemoryStream member = new();
        using (Stream gzip = new Server.Transport.GzipProvider(100).CreateCompressionStream(member, CompressionLevel.Fastest))
            gzip.Flush();

        RawAnswer answer = await RawCall.SendAsync(
            _server.Address, "/ymasknet.v1.ModelService/ListModels", RawCall.Framed(member.ToArray(), compressed: true), "gzip");

        Assert.Equal(StatusCode.OK, answer.Code);
    }

    [Fact]
    public async Task Detect_ServerSetToGzip_CompressesForCallersThatAcceptIt()
    {
        await using TestServer server = await TestServer.StartAsync("--response-compression", "gzip");
        byte[] request = RawCall.Framed(new Wire.DetectRequest { Image = Boards.Png }.ToByteArray());

        RawAnswer accepting = await RawCall.SendAsync(server.Address, DetectMethod, request, acceptEncoding: "gzip,identity");
        RawAnswer refusing = await RawCall.SendAsync(server.Address, DetectMethod, request);
        Wire.DetectResponse response = await server.Inspection.DetectAsync(new Wire.DetectRequest { Image = Boards.Png });

        Assert.Equal("gzip", accepting.Encoding);
        Assert.Equal(1, accepting.Body[0]);
        using GZipStream gzip = new(new MemoryStream(accepting.Body[5..]), CompressionMode.Decompress);
        FoundBlobs.Check(Wire.DetectResponse.Parser.ParseFrom(gzip).Defects);
        Assert.Equal(0, refusing.Body[0]);
        FoundBlobs.Check(Wire.DetectResponse.Parser.ParseFrom(refusing.Body[5..]).Defects);
        FoundBlobs.Check(response.Defects);
    }

    [Fact]
    public async Task Detect_MessageAboveTheLimit_ResourceExhaustedAndTheServerGoesOn()
    {
        await using TestServer server = await TestServer.StartAsync("--max-request-bytes", "100000");

        Rejection unary = await Rejection.OfAsync(() => server.Inspection.DetectAsync(
            new Wire.DetectRequest { Image = Boards.Encoded(new byte[100_001]) }).ResponseAsync);
        using TestSession session = await TestSession.OpenAsync(server, new Wire.SessionOpening { Task = Wire.Task.Detect });
        await session.SendFrameAsync(1, Boards.Png);

        // The server may end the call while the message is still on its way; the sender then learns of it here, too.
        await Record.ExceptionAsync(() => session.SendFrameAsync(2, Boards.Encoded(new byte[100_001])));
        Wire.FrameResult before = await session.ReceiveResultAsync();
        Rejection stream = await Rejection.OfAsync(session.ReceiveAsync);

        Assert.Equal((StatusCode.ResourceExhausted, "MESSAGE_TOO_LARGE"), (unary.Code, unary.Reason));
        Assert.Equal(1ul, before.FrameId);
        Assert.Equal((StatusCode.ResourceExhausted, "MESSAGE_TOO_LARGE"), (stream.Code, stream.Reason));
        FoundBlobs.Check((await server.Inspection.DetectAsync(new Wire.DetectRequest { Image = Boards.Png })).Defects);
    }

    [Fact]
    public async Task Segment_AnswerAboveTheLimit_ResourceExhaustedAndSessionsGoOn()
    {
        await using TestServer server = await TestServer.StartAsync("--max-response-bytes", "4096");
        Wire.RegionOfInterest roi = new() { Box = new Wire.Box { X = 38, Y = 30, Width = 12, Height = 12 } };
        Wire.RegionOfInterest[] many = [.. Enumerable.Repeat(roi, 40)];

        Rejection unary = await Rejection.OfAsync(() => server.Inspection.SegmentAsync(
            new Wire.SegmentRequest { Image = Boards.Png, MaskFormat = Wire.MaskFormat.Png, Rois = { many } }).ResponseAsync);
        using TestSession session = await TestSession.OpenAsync(
            server, new Wire.SessionOpening { Task = Wire.Task.Segment, MaskFormat = Wire.MaskFormat.Png });
        await session.SendFrameAsync(1, Boards.Png, many);
        await session.SendFrameAsync(2, Boards.Png, roi);
        Wire.FrameResult tooLarge = await session.ReceiveResultAsync();
        Wire.FrameResult good = await session.ReceiveResultAsync();

        Assert.Equal((StatusCode.ResourceExhausted, "MESSAGE_TOO_LARGE"), (unary.Code, unary.Reason));
        Assert.Equal((1ul, "MESSAGE_TOO_LARGE"), (tooLarge.FrameId, tooLarge.Error.Reason));
        Assert.Equal(StatusCode.ResourceExhausted, (StatusCode)tooLarge.Error.Code);
        Assert.Equal((2ul, 1), (good.FrameId, good.Defects.Count));
    }

    [Fact]
    public async Task Detect_GzipBomb_ResourceExhausted()
    {
        await using TestServer server = await TestServer.StartAsync("--max-request-bytes", "100000");
        using GrpcChannel channel = server.Connect();
        Wire.DetectRequest request = new() { Image = Boards.Encoded(new byte[10_000_000]) };

        Rejection rejection = await Rejection.OfAsync(
            () => new Wire.InspectionService.InspectionServiceClient(channel).DetectAsync(
                request, new Metadata { { "grpc-internal-encoding-request", "gzip" } }).ResponseAsync);

        Assert.Equal((StatusCode.ResourceExhausted, "MESSAGE_TOO_LARGE"), (rejection.Code, rejection.Reason));
    }

    [Fact]
    public async Task Detect_TwentyMegabytesOfPixels_Taken()
    {
        byte[] pixels = new byte[5000 * 4000];
        for (int y = 0; y < 1000; y++)
            pixels.AsSpan((y * 5000) + 1000, 1000).Fill(255);

        Wire.DetectResponse response = await _server.Inspection.DetectAsync(
            new Wire.DetectRequest { Image = Boards.Raw(Wire.PixelFormat.Mono8, pixels, width: 5000, height: 4000) });

        Assert.Equal(new Wire.ImageSize { Width = 5000, Height = 4000 }, response.ImageSize);
        Assert.NotEmpty(response.Defects);
    }

    public static TheoryData<string, byte[], string?, StatusCode, string> BadBodies => new()
    {
        { "not protobuf", RawCall.Framed([0xff, 0xff, 0xff]), null, StatusCode.InvalidArgument, "MESSAGE_MALFORMED" },
        { "not gzip", RawCall.Framed([1, 2, 3, 4], compressed: true), "gzip", StatusCode.InvalidArgument, "MESSAGE_MALFORMED" },
        { "shorter than announced", RawCall.Framed(new byte[100])[..50], null, StatusCode.InvalidArgument, "MESSAGE_MALFORMED" },
        { "empty", [], null, StatusCode.InvalidArgument, "MESSAGE_MALFORMED" },
        { "unknown encoding", RawCall.Framed([1, 2, 3, 4], compressed: true), "snappy", StatusCode.Unimplemented, "ENCODING_UNKNOWN" },
    };

    [Theory]
    [MemberData(nameof(BadBodies))]
    public async Task Detect_UnreadableBody_StatusWithReason(string what, byte[] body, string? encoding, StatusCode code, string reason)
    {
        RawAnswer answer = await RawCall.SendAsync(_server.Address, DetectMethod, body, encoding);

        Assert.Equal((what, code, reason), (what, answer.Code, answer.Reason));
        FoundBlobs.Check((await _server.Inspection.DetectAsync(new Wire.DetectRequest { Image = Boards.Png })).Defects);
    }

    [Theory]
    [InlineData("/ymasknet.v1.InspectionService/NoSuchMethod")]
    [InlineData("/no.such.Service/Method")]
    public async Task UnknownMethod_Unimplemented(string method)
    {
        RawAnswer answer = await RawCall.SendAsync(_server.Address, method, RawCall.Framed([]));

        Assert.Equal((StatusCode.Unimplemented, "METHOD_UNKNOWN"), (answer.Code, answer.Reason));
    }

    [Fact]
    public async Task BadCalls_LoggedAsInformationNotAsErrors()
    {
        await using TestServer server = await TestServer.StartAsync();

        await RawCall.SendAsync(server.Address, DetectMethod, RawCall.Framed([0xff, 0xff, 0xff]));
        await Rejection.OfAsync(() => server.Inspection.DetectAsync(new Wire.DetectRequest { Image = new Wire.Image() }).ResponseAsync);

        Assert.Equal(
            [1001, 1001],
            server.Log.Entries.Where(entry => entry.EventId is >= 1000 and < 1100).Select(entry => entry.EventId));
        Assert.DoesNotContain(server.Log.Entries, entry => entry.Level >= LogLevel.Warning);
    }
}

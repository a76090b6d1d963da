using System.Net;
using System.Net.Sockets;
using Google.Protobuf;
using Grpc.Core;
using YMaskNet.Client.Tests.Support;
using YMaskNet.V1;

namespace YMaskNet.Client.Tests;

public class InspectionClientTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task DetectAsync_AllOptions_ReachTheServer()
    {
        DetectRequest? received = null;
        ScriptedInspection inspection = new()
        {
            OnDetect = (request, _) =>
            {
                received = request;
                return Task.FromResult(new DetectResponse { Model = Answers.Reference });
            },
        };
        await using ScriptedServer server = await ScriptedServer.StartAsync(inspection);
        using InspectionClient client = InspectionClient.Connect(server.Address);

        InspectionOptions options = new() { Model = "boards/3", MinScore = 0.001f, NmsIouThreshold = 0, MaxDefects = 300 };
        DetectResponse response = await client.DetectAsync(ImageInput.FromBytes(new byte[] { 1, 2, 3 }), options);

        Assert.Equal("boards", response.Model.Name);
        Assert.Equal([1, 2, 3], received!.Image.Encoded.ToByteArray());
        Assert.Equal("boards/3", received.Model);
        Assert.Equal((0.001f, 0f, 300u), (received.Options.MinScore, received.Options.NmsIouThreshold, received.Options.MaxDefects));
        Assert.True(received.Options.HasNmsIouThreshold);
    }

    [Fact]
    public async Task DetectAndSegmentAsync_NoOptions_LeavesAllToTheServer()
    {
        DetectAndSegmentRequest? received = null;
        ScriptedInspection inspection = new()
        {
            OnDetectAndSegment = (request, _) =>
            {
                received = request;
                return Task.FromResult(new DetectAndSegmentResponse());
            },
        };
        await using ScriptedServer server = await ScriptedServer.StartAsync(inspection);
        using InspectionClient client = InspectionClient.Connect(server.Address);

        await client.DetectAndSegmentAsync(ImageInput.FromRaw(new byte[12], PixelFormat.Mono8, 3, 3, stride: 4));

        Assert.Null(received!.Options);
        Assert.Equal("", received.Model);
        Assert.Equal(MaskFormat.CocoRle, received.MaskFormat);
        Assert.Equal((3u, 3u, 4u, 12), (received.Image.Raw.Width, received.Image.Raw.Height, received.Image.Raw.Stride, received.Image.Raw.Data.Length));
        Assert.Equal(PixelFormat.Mono8, received.Image.Raw.PixelFormat);
    }

    [Fact]
    public async Task SegmentAsync_Rois_ReachTheServerInOrder()
    {
        SegmentRequest? received = null;
        ScriptedInspection inspection = new()
        {
            OnSegment = (request, _) =>
            {
                received = request;
                return Task.FromResult(new SegmentResponse());
            },
        };
        await using ScriptedServer server = await ScriptedServer.StartAsync(inspection);
        using InspectionClient client = InspectionClient.Connect(server.Address);
        RegionOfInterest[] rois =
        [
            new() { Box = Answers.NewBox(1, 2, 3, 4), ClassName = "short" },
            new() { Box = Answers.NewBox(5, 6, 7, 8) },
        ];

        await client.SegmentAsync(
            ImageInput.FromBytes(new byte[1]), rois, new InspectionOptions { MaskFormat = MaskFormat.Png, IncludeClassMap = true });

        Assert.Equal(rois, received!.Rois);
        Assert.Equal(MaskFormat.Png, received.MaskFormat);
        Assert.True(received.IncludeClassMap);
    }

    [Fact]
    public async Task DetectAsync_RefusedRequest_TellsStatusReasonAndField()
    {
        ScriptedInspection inspection = new()
        {
            OnDetect = (_, _) => throw RpcErrors.Create(
                StatusCode.InvalidArgument, "IMAGE_TRUNCATED", "The PNG file ends early.", "image.encoded"),
        };
        await using ScriptedServer server = await ScriptedServer.StartAsync(inspection);
        using InspectionClient client = InspectionClient.Connect(server.Address);

        InspectionFailedException exception = await Assert.ThrowsAsync<InspectionFailedException>(
            () => client.DetectAsync(ImageInput.FromBytes(new byte[1])));

        Assert.Equal(StatusCode.InvalidArgument, exception.StatusCode);
        Assert.Equal("IMAGE_TRUNCATED", exception.Reason);
        Assert.Equal("image.encoded", exception.Field);
        Assert.Equal("The PNG file ends early.", exception.Message);
    }

    [Fact]
    public async Task DetectAsync_UnreadableErrorDetails_StillTellsTheStatus()
    {
        ScriptedInspection inspection = new()
        {
            OnDetect = (_, _) => throw new RpcException(
                new Status(StatusCode.Internal, "broken"), new Metadata { { "grpc-status-details-bin", new byte[] { 0xff, 0xff } } }),
        };
        await using ScriptedServer server = await ScriptedServer.StartAsync(inspection);
        using InspectionClient client = InspectionClient.Connect(server.Address);

        InspectionFailedException exception = await Assert.ThrowsAsync<InspectionFailedException>(
            () => client.DetectAsync(ImageInput.FromBytes(new byte[1])));

        Assert.Equal((StatusCode.Internal, "", null), (exception.StatusCode, exception.Reason, exception.Field));
        Assert.Equal("broken", exception.Message);
    }

    [Fact]
    public async Task DetectAsync_CallTimeout_IsADeadlineThatTheServerSees()
    {
        TaskCompletionSource serverSawCancellation = new();
        ScriptedInspection inspection = new()
        {
            OnDetect = async (_, context) =>
            {
                context.CancellationToken.Register(serverSawCancellation.SetResult);
                await Task.Delay(Timeout.Infinite, context.CancellationToken);
                return new DetectResponse();
            },
        };
        await using ScriptedServer server = await ScriptedServer.StartAsync(inspection);
        using InspectionClient client = InspectionClient.Connect(
            server.Address, new InspectionClientOptions { CallTimeout = TimeSpan.FromMilliseconds(300) });

        InspectionFailedException exception = await Assert.ThrowsAsync<InspectionFailedException>(
            () => client.DetectAsync(ImageInput.FromBytes(new byte[1])));

        Assert.Equal(StatusCode.DeadlineExceeded, exception.StatusCode);
        await serverSawCancellation.Task.WaitAsync(Patience);
    }

    [Fact]
    public async Task DetectAsync_Cancelled_ThrowsCancellationAndStopsTheServer()
    {
        TaskCompletionSource serverStarted = new();
        TaskCompletionSource serverSawCancellation = new();
        ScriptedInspection inspection = new()
        {
            OnDetect = async (_, context) =>
            {
                context.CancellationToken.Register(serverSawCancellation.SetResult);
                serverStarted.SetResult();
                await Task.Delay(Timeout.Infinite, context.CancellationToken);
                return new DetectResponse();
            },
        };
        await using ScriptedServer server = await ScriptedServer.StartAsync(inspection);
        using InspectionClient client = InspectionClient.Connect(server.Address);
        using CancellationTokenSource cancellation = new();

        Task<DetectResponse> call = client.DetectAsync(ImageInput.FromBytes(new byte[1]), cancellationToken: cancellation.Token);
        await serverStarted.Task.WaitAsync(Patience);
        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        await serverSawCancellation.Task.WaitAsync(Patience);
    }

    [Fact]
    public async Task DetectAsync_NobodyListens_IsUnavailable()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        int port = ((IPEndPoint)listener.LocalEndpoint).Port;
        listener.Stop();
        using InspectionClient client = InspectionClient.Connect($"http://127.0.0.1:{port}");

        InspectionFailedException exception = await Assert.ThrowsAsync<InspectionFailedException>(
            () => client.DetectAsync(ImageInput.FromBytes(new byte[1])));

        Assert.Equal(StatusCode.Unavailable, exception.StatusCode);
    }

    [Fact]
    public async Task DetectAsync_LineCutDuringTheCall_FailsInsteadOfHanging()
    {
        TaskCompletionSource serverStarted = new();
        ScriptedInspection inspection = new()
        {
            OnDetect = async (_, context) =>
            {
                serverStarted.SetResult();
                await Task.Delay(Timeout.Infinite, context.CancellationToken);
                return new DetectResponse();
            },
        };
        await using ScriptedServer server = await ScriptedServer.StartAsync(inspection);
        await using TcpRelay relay = new(server.Address);
        using InspectionClient client = InspectionClient.Connect(relay.Address);

        Task<DetectResponse> call = client.DetectAsync(ImageInput.FromBytes(new byte[1]));
        await serverStarted.Task.WaitAsync(Patience);
        relay.Cut();

        await Assert.ThrowsAsync<InspectionFailedException>(() => call.WaitAsync(Patience));
    }

    [Fact]
    public async Task DetectAsync_ServerFallsSilent_IsGivenUp()
    {
        TaskCompletionSource serverStarted = new();
        ScriptedInspection inspection = new()
        {
            OnDetect = async (_, context) =>
            {
                serverStarted.SetResult();
                await Task.Delay(Timeout.Infinite, context.CancellationToken);
                return new DetectResponse();
            },
        };
        await using ScriptedServer server = await ScriptedServer.StartAsync(inspection);
        await using TcpRelay relay = new(server.Address);
        using InspectionClient client = InspectionClient.Connect(
            relay.Address,
            new InspectionClientOptions { KeepAliveInterval = TimeSpan.FromSeconds(1), KeepAliveTimeout = TimeSpan.FromSeconds(1) });

        Task<DetectResponse> call = client.DetectAsync(ImageInput.FromBytes(new byte[1]));
        await serverStarted.Task.WaitAsync(Patience);
        relay.Freeze();

        await Assert.ThrowsAsync<InspectionFailedException>(() => call.WaitAsync(Patience));
    }

    [Fact]
    public async Task DetectAsync_ImageOfTwentyMegabytes_Passes()
    {
        ScriptedInspection inspection = new()
        {
            OnDetect = (request, _) => Task.FromResult(new DetectResponse
            {
                ImageSize = new ImageSize { Width = (uint)request.Image.Encoded.Length },
            }),
        };
        await using ScriptedServer server = await ScriptedServer.StartAsync(inspection);
        using InspectionClient client = InspectionClient.Connect(server.Address);

        DetectResponse response = await client.DetectAsync(ImageInput.FromBytes(new byte[20_000_000]));

        Assert.Equal(20_000_000u, response.ImageSize.Width);
    }

    [Fact]
    public async Task DetectAsync_ImageAboveTheLimit_IsRefusedOnThisSide()
    {
        await using ScriptedServer server = await ScriptedServer.StartAsync(new ScriptedInspection());
        using InspectionClient client = InspectionClient.Connect(server.Address, new InspectionClientOptions { MaxMessageBytes = 1000 });

        InspectionFailedException exception = await Assert.ThrowsAsync<InspectionFailedException>(
            () => client.DetectAsync(ImageInput.FromBytes(new byte[1001])));

        Assert.Equal(StatusCode.ResourceExhausted, exception.StatusCode);
    }

    [Fact]
    public async Task Models_AreListedAndDescribed()
    {
        await using ScriptedServer server = await ScriptedServer.StartAsync(new ScriptedInspection());
        using InspectionClient client = InspectionClient.Connect(server.Address);

        ListModelsResponse models = await client.ListModelsAsync();
        Model model = await client.GetModelAsync("boards");
        InspectionFailedException missing = await Assert.ThrowsAsync<InspectionFailedException>(() => client.GetModelAsync("nuts"));

        Assert.Equal("boards/3", models.DefaultModel);
        Assert.Equal("ymasknet", model.Architecture);
        Assert.Equal((StatusCode.NotFound, "MODEL_NOT_FOUND", "model"), (missing.StatusCode, missing.Reason, missing.Field));
    }

    [Fact]
    public void FromBytes_SharesTheCallersMemory()
    {
        byte[] bytes = [1, 2, 3];
        ByteString sent = ImageInput.FromBytes(bytes).Message.Encoded;

        bytes[0] = 9;

        Assert.Equal(9, sent[0]);
    }
}

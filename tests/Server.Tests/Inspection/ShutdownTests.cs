using HealthClient = Grpc.Health.V1.Health.HealthClient;
using HealthCheckRequest = Grpc.Health.V1.HealthCheckRequest;
using HealthCheckResponse = Grpc.Health.V1.HealthCheckResponse;
using ServingStatus = Grpc.Health.V1.HealthCheckResponse.Types.ServingStatus;

namespace YMaskNet.Server.Tests.Inspection;

public sealed class ShutdownTests
{
    [Fact]
    public async Task StopAsync_CallsInHand_AnsweredThenSessionsEnd()
    {
        await using TestServer server = await TestServer.StartAsync(models => TestModels.WriteSlow(models));
        Task<Wire.DetectResponse> unary = server.Inspection.DetectAsync(new Wire.DetectRequest { Image = Boards.Png }).ResponseAsync;
        using TestSession busy = await TestSession.OpenAsync(server, new Wire.SessionOpening { Task = Wire.Task.Detect });
        using TestSession idle = await TestSession.OpenAsync(server, new Wire.SessionOpening { Task = Wire.Task.Detect });
        await busy.SendFrameAsync(1, Boards.Png);
        await busy.SendFrameAsync(2, Boards.Png);
        Wire.FrameResult first = await busy.ReceiveResultAsync();

        Task stopping = server.StopAsync();
        Wire.FrameResult second = await busy.ReceiveResultAsync();
        Rejection busyEnd = await Rejection.OfAsync(busy.ReceiveAsync);
        Rejection idleEnd = await Rejection.OfAsync(idle.ReceiveAsync);
        await stopping.WaitAsync(TimeSpan.FromSeconds(20));

        FoundBlobs.Check((await unary).Defects);
        FoundBlobs.Check(first.Defects);
        FoundBlobs.Check(second.Defects);
        Assert.Equal((StatusCode.Unavailable, "SERVER_STOPPING"), (busyEnd.Code, busyEnd.Reason));
        Assert.Equal((StatusCode.Unavailable, "SERVER_STOPPING"), (idleEnd.Code, idleEnd.Reason));
    }

    [Fact]
    public async Task StopAsync_WatchedHealth_NotServing()
    {
        await using TestServer server = await TestServer.StartAsync();
        HealthClient health = new(server.Channel);
        using AsyncServerStreamingCall<HealthCheckResponse> watch = health.Watch(new HealthCheckRequest());
        await watch.ResponseStream.MoveNext(CancellationToken.None);
        ServingStatus before = watch.ResponseStream.Current.Status;

        Task stopping = server.StopAsync();
        await watch.ResponseStream.MoveNext(CancellationToken.None);
        ServingStatus after = watch.ResponseStream.Current.Status;

        Assert.Equal((ServingStatus.Serving, ServingStatus.NotServing), (before, after));
        Assert.False(await watch.ResponseStream.MoveNext(CancellationToken.None));
        await stopping.WaitAsync(TimeSpan.FromSeconds(20));
    }

    [Fact]
    public async Task StopAsync_OpenReflectionStream_DoesNotHoldItUp()
    {
        await using TestServer server = await TestServer.StartAsync();
        Grpc.Reflection.V1.ServerReflection.ServerReflectionClient reflection = new(server.Channel);
        using var call = reflection.ServerReflectionInfo();
        await call.RequestStream.WriteAsync(new Grpc.Reflection.V1.ServerReflectionRequest { ListServices = "*" });
        Assert.True(await call.ResponseStream.MoveNext(CancellationToken.None));

        Task<bool> next = call.ResponseStream.MoveNext(CancellationToken.None);
        await server.StopAsync().WaitAsync(TimeSpan.FromSeconds(20));

        Assert.False(await next);
    }
}

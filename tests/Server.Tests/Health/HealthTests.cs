using Grpc.Health.V1;
using HealthClient = Grpc.Health.V1.Health.HealthClient;
using ServingStatus = Grpc.Health.V1.HealthCheckResponse.Types.ServingStatus;

namespace YMaskNet.Server.Tests.Health;

public sealed class HealthTests(SharedServer shared)
{
    private readonly HealthClient _health = new(shared.Server.Channel);

    [Theory]
    [InlineData("")]
    [InlineData("ymasknet.v1.InspectionService")]
    [InlineData("ymasknet.v1.ModelService")]
    public async Task Check_ServerOrService_Serving(string service)
    {
        HealthCheckResponse response = await _health.CheckAsync(new HealthCheckRequest { Service = service });

        Assert.Equal(ServingStatus.Serving, response.Status);
    }

    [Fact]
    public async Task Check_UnknownService_NotFound()
    {
        Rejection rejection = await Rejection.OfAsync(
            () => _health.CheckAsync(new HealthCheckRequest { Service = "no.such.Service" }).ResponseAsync);

        Assert.Equal((StatusCode.NotFound, "SERVICE_UNKNOWN"), (rejection.Code, rejection.Reason));
    }

    [Fact]
    public async Task List_AllServicesAndTheServer_Serving()
    {
        HealthListResponse response = await _health.ListAsync(new HealthListRequest());

        Assert.Equal(
            [
                "", "grpc.health.v1.Health", "grpc.reflection.v1.ServerReflection", "grpc.reflection.v1alpha.ServerReflection",
                "ymasknet.v1.BoardService", "ymasknet.v1.InspectionService", "ymasknet.v1.ModelService",
                "ymasknet.v1.SharedMemoryService",
            ],
            response.Statuses.Keys.Order(StringComparer.Ordinal));
        Assert.All(response.Statuses.Values, state => Assert.Equal(ServingStatus.Serving, state.Status));
    }

    [Theory]
    [InlineData("", ServingStatus.Serving)]
    [InlineData("no.such.Service", ServingStatus.ServiceUnknown)]
    public async Task Watch_AnyService_StateAtOnceAndStaysOpen(string service, ServingStatus expected)
    {
        using CancellationTokenSource cancel = new();
        using AsyncServerStreamingCall<HealthCheckResponse> watch =
            _health.Watch(new HealthCheckRequest { Service = service }, cancellationToken: cancel.Token);

        Assert.True(await watch.ResponseStream.MoveNext(CancellationToken.None));
        Assert.Equal(expected, watch.ResponseStream.Current.Status);
        Task<bool> next = watch.ResponseStream.MoveNext(CancellationToken.None);
        await Task.Delay(100);
        Assert.False(next.IsCompleted);

        await cancel.CancelAsync();
        Assert.Equal(StatusCode.Cancelled, (await Assert.ThrowsAsync<RpcException>(() => next)).StatusCode);
    }
}

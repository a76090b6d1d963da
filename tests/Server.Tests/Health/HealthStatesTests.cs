using Grpc.Health.V1;
using Microsoft.Extensions.Hosting.Internal;
using Microsoft.Extensions.Logging.Abstractions;
using YMaskNet.Server.Health;
using YMaskNet.Server.Hosting;
using YMaskNet.Server.Reflection;
using ServingStatus = Grpc.Health.V1.HealthCheckResponse.Types.ServingStatus;

namespace YMaskNet.Server.Tests.Health;

public sealed class HealthStatesTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly ApplicationLifetime _lifetime = new(NullLogger<ApplicationLifetime>.Instance);
    private readonly TaskCompletionSource _deviceLost = new();
    private readonly ServerShutdown _shutdown;
    private readonly HealthStates _states;

    public HealthStatesTests()
    {
        _shutdown = new ServerShutdown(_lifetime);
        _states = new HealthStates(new DescriptorIndex([HealthReflection.Descriptor], []), _shutdown, () => _deviceLost.Task);
    }

    public void Dispose() => _shutdown.Dispose();

    [Fact]
    public async Task StateOf_AModelHasLostItsDevice_NotServingAndWatchersAreTold()
    {
        Task change = _states.WaitForChangeAsync(CancellationToken.None);
        Assert.Equal(ServingStatus.Serving, _states.StateOf(HealthStates.Overall));
        Assert.False(change.IsCompleted, "Nothing has changed.");

        _deviceLost.SetResult();

        await change.WaitAsync(Patience);
        Assert.All(_states.Names, name => Assert.Equal(ServingStatus.NotServing, _states.StateOf(name)));
        Assert.Equal(ServingStatus.ServiceUnknown, _states.StateOf("no.such.Service"));
    }

    [Fact]
    public async Task StateOf_TheServerStops_NotServingAndWatchersAreTold()
    {
        Task change = _states.WaitForChangeAsync(CancellationToken.None);

        _lifetime.StopApplication();

        await change.WaitAsync(Patience);
        Assert.All(_states.Names, name => Assert.Equal(ServingStatus.NotServing, _states.StateOf(name)));
    }

    [Fact]
    public async Task WaitForChangeAsync_TheCallerLeaves_Ends()
    {
        using CancellationTokenSource left = new();
        Task change = _states.WaitForChangeAsync(left.Token);

        await left.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => change.WaitAsync(Patience));
    }
}

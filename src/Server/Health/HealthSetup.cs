using YMaskNet.Server.Hosting;
using YMaskNet.Server.Models;
using YMaskNet.Server.Reflection;

namespace YMaskNet.Server.Health;

/// <summary>gRPC health checking.</summary>
internal static class HealthSetup
{
    public static IServiceCollection AddHealth(this IServiceCollection services) => services.AddSingleton(provider =>
    {
        EngineHost host = provider.GetRequiredService<EngineHost>();
        return new HealthStates(
            provider.GetRequiredService<DescriptorIndex>(), provider.GetRequiredService<ServerShutdown>(), () => host.Engine.DeviceLost);
    });

    public static void MapHealth(this IEndpointRouteBuilder endpoints) => endpoints.MapGrpcService<HealthService>();
}

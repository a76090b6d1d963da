namespace YMaskNet.Server.Health;

/// <summary>gRPC health checking.</summary>
internal static class HealthSetup
{
    public static IServiceCollection AddHealth(this IServiceCollection services) => services.AddSingleton<HealthStates>();

    public static void MapHealth(this IEndpointRouteBuilder endpoints) => endpoints.MapGrpcService<HealthService>();
}

namespace YMaskNet.Server.Models;

/// <summary>The engine with its models, and the service that describes them.</summary>
internal static class ModelsSetup
{
    public static IServiceCollection AddModels(this IServiceCollection services)
    {
        services.AddSingleton<EngineHost>();
        services.AddHostedService(provider => provider.GetRequiredService<EngineHost>());
        return services;
    }

    public static void MapModels(this IEndpointRouteBuilder endpoints) => endpoints.MapGrpcService<ModelService>();
}

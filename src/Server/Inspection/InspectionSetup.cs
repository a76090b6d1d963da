namespace YMaskNet.Server.Inspection;

/// <summary>Inspection of single images and of streams.</summary>
internal static class InspectionSetup
{
    public static IServiceCollection AddInspection(this IServiceCollection services) => services.AddSingleton<SessionFactory>();

    public static void MapInspection(this IEndpointRouteBuilder endpoints) => endpoints.MapGrpcService<InspectionService>();
}

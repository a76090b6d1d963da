using YMaskNet.Server.Sessions;

namespace YMaskNet.Server.Inspection;

/// <summary>Inspection of single images and of streams.</summary>
internal static class InspectionSetup
{
    public static IServiceCollection AddInspection(this IServiceCollection services) => services.AddSingleton(TimeProvider.System).AddSingleton<SessionFactory>();

    public static void MapInspection(this IEndpointRouteBuilder endpoints) => endpoints.MapGrpcService<InspectionService>();
}

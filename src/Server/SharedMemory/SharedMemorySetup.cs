namespace YMaskNet.Server.SharedMemory;

/// <summary>Memory that callers on the same host fill with images.</summary>
internal static class SharedMemorySetup
{
    public static IServiceCollection AddSharedMemory(this IServiceCollection services) => services.AddSingleton<LeaseTable>();

    public static void MapSharedMemory(this IEndpointRouteBuilder endpoints) => endpoints.MapGrpcService<SharedMemoryService>();
}

using Google.Protobuf.Reflection;
using Google.Rpc;
using Grpc.Health.V1;
using Grpc.Reflection.V1;
using Grpc.Reflection.V1Alpha;
using YMaskNet.V1;

namespace YMaskNet.Server.Reflection;

/// <summary>Reflection, so that grpcurl, ghz and the like need no proto files.</summary>
internal static class ReflectionSetup
{
    private static readonly FileDescriptor[] Served =
    [
        BoardServiceReflection.Descriptor,
        InspectionServiceReflection.Descriptor,
        ModelServiceReflection.Descriptor,
        SharedMemoryServiceReflection.Descriptor,
        HealthReflection.Descriptor,
        Grpc.Reflection.V1.ReflectionReflection.Descriptor,
        Grpc.Reflection.V1Alpha.ReflectionReflection.Descriptor,
    ];

    // With these, tools can print the details of an error.
    private static readonly FileDescriptor[] Described = [StatusReflection.Descriptor, ErrorDetailsReflection.Descriptor];

    public static IServiceCollection AddReflection(this IServiceCollection services)
    {
        services.AddSingleton(new DescriptorIndex(Served, Described));
        services.AddSingleton<ReflectionAnswers>();
        return services;
    }

    public static void MapReflection(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGrpcService<ReflectionService>();
        endpoints.MapGrpcService<ReflectionAlphaService>();
    }
}

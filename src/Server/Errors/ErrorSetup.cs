using Grpc.AspNetCore.Server;

namespace YMaskNet.Server.Errors;

/// <summary>Registers the interceptor and the middleware that turn exceptions into statuses.</summary>
internal static class ErrorSetup
{
    public static IServiceCollection AddErrorHandling(this IServiceCollection services)
    {
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton<ErrorInterceptor>();
        services.Configure<GrpcServiceOptions>(grpc => grpc.Interceptors.Add<ErrorInterceptor>());
        return services;
    }

    public static IApplicationBuilder UseErrorHandling(this IApplicationBuilder application) =>
        application.UseMiddleware<TransportErrorMiddleware>();
}

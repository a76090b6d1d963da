using YMaskNet.Server.Errors;
using YMaskNet.Server.FileWatch;
using YMaskNet.Server.Health;
using YMaskNet.Server.Hosting;
using YMaskNet.Server.Inspection;
using YMaskNet.Server.Models;
using YMaskNet.Server.Reflection;
using YMaskNet.Server.SharedMemory;
using YMaskNet.Server.Tls;
using YMaskNet.Server.Tokens;
using YMaskNet.Server.Transport;
using YMaskNet.Server.WholeBoards;

namespace YMaskNet.Server;

internal static class Program
{
    private static Task<int> Main(string[] arguments) => ServerProcess.RunAsync(arguments, Build);

    internal static WebApplication Build(string[] arguments)
    {
        WebApplicationBuilder builder = HostingSetup.CreateBuilder(arguments, out ServerOptions options);
        builder.AddLogging();
        builder.AddListener(options);
        builder.Services.AddFileWatch();
        builder.Services.AddTls(options);
        builder.Services.AddTokens(options);
        builder.Services.AddGrpcTransport(options);
        builder.Services.AddErrorHandling();
        builder.Services.AddModels();
        builder.Services.AddInspection();
        builder.Services.AddSharedMemory();
        builder.Services.AddBoards();
        builder.Services.AddHealth();
        builder.Services.AddReflection();

        WebApplication application = builder.Build();
        application.ReadWatchedFiles();
        application.UseOrderlyShutdown();
        application.UseErrorHandling();
        application.UseTokens();
        application.MapInspection();
        application.MapSharedMemory();
        application.MapBoards();
        application.MapModels();
        application.MapHealth();
        application.MapReflection();
        return application;
    }
}

namespace YMaskNet.Server.FileWatch;

/// <summary>Files that are read at the start, and again when they change.</summary>
internal static class FileWatchSetup
{
    public static IServiceCollection AddFileWatch(this IServiceCollection services) => services.AddHostedService<FileWatchService>();

    /// <summary>Adds files, whose contents <see cref="WatchedFiles{T}.Current"/> gives.</summary>
    public static IServiceCollection AddWatchedFiles<T>(
        this IServiceCollection services, IReadOnlyList<string> paths, Func<FileSnapshot, T> read)
        where T : class
    {
        services.AddSingleton(provider =>
            new WatchedFiles<T>(paths, read, provider.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(T).FullName!)));
        return services.AddSingleton<IWatchedFiles>(provider => provider.GetRequiredService<WatchedFiles<T>>());
    }

    /// <summary>Reads them now: a start that fails should fail before the models are loaded.</summary>
    /// <exception cref="Hosting.StartupException">A file can't be used.</exception>
    public static void ReadWatchedFiles(this WebApplication application)
    {
        foreach (IWatchedFiles files in application.Services.GetServices<IWatchedFiles>())
            files.Look();
    }
}

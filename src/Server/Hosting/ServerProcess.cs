using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using YMaskNet.Inference;
using YMaskNet.Inference.Models;
using YMaskNet.Server.Models;

namespace YMaskNet.Server.Hosting;

/// <summary>The process around the server: one line when it is ready, one line and an exit code when it can't start.</summary>
internal static class ServerProcess
{
    private const string KestrelUnixPrefix = "http://unix:";

    /// <summary>Builds, starts and runs the server until it is told to stop.</summary>
    /// <param name="arguments">The command line.</param>
    /// <param name="build">Composes the application.</param>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(string[] arguments, Func<string[], WebApplication> build)
    {
        if (CommandLine.AsksForHelp(arguments))
        {
            Console.Write(CommandLine.Help());
            return (int)ExitCode.Stopped;
        }

        try
        {
            await using WebApplication application = build(arguments);
            await StartAsync(application);
            Console.WriteLine(ReadyLine(application));
            await application.WaitForShutdownAsync();
            return (int)ExitCode.Stopped;
        }
        catch (StartupException error)
        {
            return Fail(error.ExitCode, error.Message);
        }
        catch (ModelPackageException error)
        {
            return Fail(ExitCode.ModelUnusable, error.Message);
        }
        catch (DeviceUnavailableException error)
        {
            return Fail(ExitCode.DeviceUnavailable, error.Message);
        }
        catch (OperationCanceledException)
        {
            // Told to stop while models were loading.
            return (int)ExitCode.Stopped;
        }
    }

    private static async Task StartAsync(WebApplication application)
    {
        ListenAddress address = application.Services.GetRequiredService<ServerOptions>().Address;
        try
        {
            await application.StartAsync();
        }
        catch (IOException error) when (error.InnerException is AddressInUseException)
        {
            throw new StartupException(ExitCode.AddressUnavailable, $"{address} is in use by another program; choose another with --address");
        }
        catch (IOException error) when (error.InnerException is AggregateException)
        {
            // localhost is two addresses, and neither could be bound.
            throw new StartupException(ExitCode.AddressUnavailable, $"can't listen on {address}: {error.Message}");
        }
        catch (SocketException error)
        {
            throw new StartupException(ExitCode.AddressUnavailable, $"can't listen on {address}: {error.Message}");
        }
    }

    private static string ReadyLine(WebApplication application)
    {
        InspectionEngine engine = application.Services.GetRequiredService<EngineHost>().Engine;
        IEnumerable<string> models = engine.Models.Select(
            model => $"{model.Manifest.Name}/{model.Manifest.Version} ({model.ExecutionProvider}, {model.Device})");
        return $"ymasknet: serving {string.Join(", ", models)} on {string.Join(", ", application.Urls.Select(ShownAddress))}";
    }

    // Kestrel's name of a Unix socket is no URL that anything else takes.
    private static string ShownAddress(string url) =>
        url.StartsWith(KestrelUnixPrefix, StringComparison.Ordinal) ? $"unix:{url[KestrelUnixPrefix.Length..]}" : url;

    private static int Fail(ExitCode exitCode, string message)
    {
        // Messages of other layers may have several lines; operators and scripts are promised one.
        Console.Error.WriteLine($"ymasknet: {message.ReplaceLineEndings(" ")}");
        return (int)exitCode;
    }
}

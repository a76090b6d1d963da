using System.Diagnostics;
using System.Reflection;

namespace YMaskNet.Gpu.Tests.StandIn;

/// <summary>
/// Runs tests' bodies in processes of their own, on whose library path the stand-in driver is: only there can each test have
/// the driver that it needs, break it for good, and leave ONNX Runtime's CUDA provider elsewhere alone.
/// </summary>
internal static class DriverProcess
{
    private const string ChildArgument = "--run-in-driver-process";
    private const string LibraryPath = "LD_LIBRARY_PATH";

    // On a busy machine the emulation has little of a processor; what takes longer hangs.
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(8);

    /// <summary>The body must pass.</summary>
    /// <param name="body">A lambda that captures nothing.</param>
    /// <param name="settings">Environment variables of the stand-in driver.</param>
    public static void Passes(Action body, params (string Name, string Value)[] settings) => AssertPassed(Run(body, settings));

    /// <summary>Runs the body, whatever comes of it.</summary>
    /// <inheritdoc cref="Passes"/>
    public static DriverRun Run(Action body, params (string Name, string Value)[] settings)
    {
        Assert.SkipUnless(StandInDriver.IsBuilt, $"skipped: the stand-in driver is not built, g++ is missing ({StandInDriver.Folder})");
        string? others = Environment.GetEnvironmentVariable(LibraryPath);
        string path = string.IsNullOrEmpty(others) ? StandInDriver.Folder : $"{StandInDriver.Folder}:{others}";
        return Start(body, [(LibraryPath, path), .. settings]);
    }

    /// <summary>The body must pass where there is no CUDA driver at all.</summary>
    public static void PassesWithoutDriver(Action body)
    {
        Assert.SkipWhen(StandInDriver.MachineHasDriver(), "skipped: this machine has a CUDA driver of its own");
        AssertPassed(Start(body, []));
    }

    public static bool IsChild(string[] arguments) => arguments is [ChildArgument, _, _];

    /// <summary>Runs the body that the arguments name. 0: it passed; 1: it did not, and standard error says why.</summary>
    public static int RunChild(string[] arguments)
    {
        try
        {
            Type type = Type.GetType(arguments[1], throwOnError: true)!;
            MethodInfo body = type.GetMethod(
                arguments[2], BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic)!;
            object? target = body.IsStatic ? null : Activator.CreateInstance(type, nonPublic: true);
            body.Invoke(target, BindingFlags.DoNotWrapExceptions, null, null, null);
            return 0;
        }
        catch (Exception exception)
        {
            Console.Error.WriteLine(exception);
            return 1;
        }
    }

    private static DriverRun Start(Action body, (string Name, string Value)[] environment)
    {
        Type type = body.Method.DeclaringType!;
        if (type.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic).Length > 0)
            throw new ArgumentException("The body captures variables of its test, which do not reach the other process.", nameof(body));

        ProcessStartInfo start = new("dotnet", [typeof(DriverProcess).Assembly.Location, ChildArgument, type.FullName!, body.Method.Name])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach ((string name, string value) in environment)
            start.Environment[name] = value;

        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> errors = process.StandardError.ReadToEndAsync();
        if (!process.WaitForExit(Longest))
        {
            process.Kill(entireProcessTree: true);
            Assert.Fail($"The body did not end within {Longest}. Standard error: {errors.Result}");
        }

        return new DriverRun(process.ExitCode, output.Result + errors.Result);
    }

    private static void AssertPassed(DriverRun run) =>
        Assert.True(run.ExitCode == 0, $"The body failed in its own process, with exit status {run.ExitCode}:\n{run.Output}");
}

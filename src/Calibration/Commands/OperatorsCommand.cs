using System.CommandLine;
using System.Text.Json;
using Microsoft.ML.OnnxRuntime;
using YMaskNet.Inference.Cpu;
using YMaskNet.Inference.Models;

namespace YMaskNet.Calibration.Commands;

/// <summary>
/// <c>operators</c>: which of ONNX Runtime's operators a network runs after its optimisation, and how long each kind takes. A
/// quantised network has QLinearConv where it computes in 8 bits; a Conv is one in floating point.
/// </summary>
internal static class OperatorsCommand
{
    private const int Runs = 20;

    public static Command Create()
    {
        Option<DirectoryInfo> package = PackageOptions.Package();
        Option<ModelPrecision> precision = new("--precision") { Description = "fp32 or int8. Default: int8.", DefaultValueFactory = _ => ModelPrecision.Int8 };
        Option<int> threads = PackageOptions.Threads();
        Command command = new("operators", "Shows which operators a package's networks run, from ONNX Runtime's profile.") { package, precision, threads };
        command.SetAction((parsed, cancellationToken) => Task.Run(
            () =>
            {
                ModelPackage read = ModelPackage.Read(parsed.GetRequiredValue(package).FullName).In(parsed.GetValue(precision));
                Show(read, ModelFileRole.Stage1, parsed.GetValue(threads));
                if (read.Manifest.Regions is not null)
                    Show(read, ModelFileRole.Stage2, parsed.GetValue(threads));
            },
            cancellationToken));
        return command;
    }

    private static void Show(ModelPackage package, ModelFileRole role, int threads)
    {
        string prefix = Path.Combine(Path.GetTempPath(), $"ymasknet-profile-{Guid.NewGuid():N}");
        string? profile = null;
        try
        {
            profile = Profile(package, role, threads, prefix);
            Console.WriteLine("  operator, how many, ms a run");
            foreach ((string name, int count, double milliseconds) in Summarise(profile))
                Console.WriteLine(FormattableString.Invariant($"  {name,-32} {count,4} {milliseconds,8:0.000}"));
        }
        finally
        {
            if (profile is not null)
                File.Delete(profile);
        }
    }

    private static string Profile(ModelPackage package, ModelFileRole role, int threads, string prefix)
    {
        using SessionOptions options = CpuSessions.Options(threads, laneCount: 1);
        options.ProfileOutputPathPrefix = prefix;
        options.EnableProfiling = true;
        using InferenceSession session = new(package.ReadNetwork(role), options);
        using RunOptions runOptions = new();
        string input = session.InputNames.Single();

        // The batch axis is the dynamic one.
        long[] shape = [.. session.InputMetadata[input].Dimensions.Select(extent => (long)Math.Max(1, extent))];
        float[] values = new float[shape.Aggregate(1L, (product, extent) => product * extent)];
        new Random(1).NextSingles(values);
        using OrtValue tensor = OrtValue.CreateTensorValueFromMemory(values, shape);
        session.Run(runOptions, [input], [tensor], session.OutputNames).Dispose();
        TimeSpan before = Environment.CpuUsage.TotalTime;
        for (int run = 1; run < Runs; run++)
            session.Run(runOptions, [input], [tensor], session.OutputNames).Dispose();
        double milliseconds = (Environment.CpuUsage.TotalTime - before).TotalMilliseconds / (Runs - 1);

        // On a busy machine processor time tells more than the clock; threads that spin count as busy.
        Console.WriteLine(FormattableString.Invariant($"{package.Manifest.FileOf(role, package.Precision).Path}: {milliseconds:0.00} ms of processor time a run, {threads} threads"));
        return session.EndProfiling();
    }

    private static IEnumerable<(string Name, int Count, double Milliseconds)> Summarise(string profile)
    {
        using FileStream file = File.OpenRead(profile);
        using JsonDocument document = JsonDocument.Parse(file);
        return
        [
            .. document.RootElement.EnumerateArray()
                .Where(entry => entry.GetProperty("cat").GetString() == "Node" && entry.GetProperty("name").GetString()!.EndsWith("_kernel_time", StringComparison.Ordinal))
                .GroupBy(entry => entry.GetProperty("args").GetProperty("op_name").GetString()!)
                .Select(group => (
                    group.Key,
                    group.Count() / Runs,
                    group.Sum(entry => entry.GetProperty("dur").GetDouble()) / 1000 / Runs))
                .OrderByDescending(entry => entry.Item3),
        ];
    }

    private static void NextSingles(this Random random, Span<float> values)
    {
        foreach (ref float value in values)
            value = random.NextSingle();
    }
}

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
    private const int Runs = 30;

    public static Command Create()
    {
        Option<DirectoryInfo> package = PackageOptions.Package();
        Option<ModelPrecision> precision = new("--precision") { Description = "fp32 or int8. Default: int8.", DefaultValueFactory = _ => ModelPrecision.Int8 };
        Option<int> threads = PackageOptions.Threads();
        Option<bool> each = new("--each") { Description = "Lists every node as well." };
        Command command = new("operators", "Shows which operators a package's networks run, from ONNX Runtime's profile.") { package, precision, threads, each };
        command.SetAction((parsed, cancellationToken) => Task.Run(
            () =>
            {
                ModelPackage read = ModelPackage.Read(parsed.GetRequiredValue(package).FullName).In(parsed.GetValue(precision));
                Show(read, ModelFileRole.Stage1, parsed.GetValue(threads), parsed.GetValue(each));
                if (read.Manifest.Regions is not null)
                    Show(read, ModelFileRole.Stage2, parsed.GetValue(threads), parsed.GetValue(each));
            },
            cancellationToken));
        return command;
    }

    private static void Show(ModelPackage package, ModelFileRole role, int threads, bool each)
    {
        string prefix = Path.Combine(Path.GetTempPath(), $"ymasknet-profile-{Guid.NewGuid():N}");
        string? profile = null;
        try
        {
            profile = Profile(package, role, threads, prefix);
            (string Operation, string Node, double Milliseconds)[] nodes = ReadNodes(profile);
            Console.WriteLine("  operator, how many, ms: each node's shortest run");
            foreach (IGrouping<string, double> group in nodes.GroupBy(node => node.Operation, node => node.Milliseconds).OrderByDescending(group => group.Sum()))
                Console.WriteLine(FormattableString.Invariant($"  {group.Key,-32} {group.Count(),4} {group.Sum(),8:0.000}"));
            Console.WriteLine(FormattableString.Invariant($"  {"all",-32} {nodes.Length,4} {nodes.Sum(node => node.Milliseconds),8:0.000}"));
            foreach ((string operation, string node, double milliseconds) in each ? nodes : [])
                Console.WriteLine(FormattableString.Invariant($"    {milliseconds,8:0.000} {operation,-18} {node}"));
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

    /// <summary>The nodes in their order. The shortest of many runs is the one that nothing else on the machine disturbed.</summary>
    private static (string Operation, string Node, double Milliseconds)[] ReadNodes(string profile)
    {
        const string KernelTime = "_kernel_time";
        using FileStream file = File.OpenRead(profile);
        using JsonDocument document = JsonDocument.Parse(file);
        return
        [
            .. document.RootElement.EnumerateArray()
                .Where(entry => entry.GetProperty("cat").GetString() == "Node" && entry.GetProperty("name").GetString()!.EndsWith(KernelTime, StringComparison.Ordinal))
                .GroupBy(entry => (
                    Operation: entry.GetProperty("args").GetProperty("op_name").GetString()!,
                    Node: entry.GetProperty("name").GetString()![..^KernelTime.Length]))
                .Select(group => (
                    group.Key.Operation, group.Key.Node, group.Min(entry => entry.GetProperty("dur").GetDouble()) / 1000)),
        ];
    }

    private static void NextSingles(this Random random, Span<float> values)
    {
        foreach (ref float value in values)
            value = random.NextSingle();
    }
}

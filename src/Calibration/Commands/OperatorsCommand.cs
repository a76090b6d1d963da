using System.CommandLine;
using Microsoft.ML.OnnxRuntime;
using YMaskNet.Inference.Cpu;
using YMaskNet.Inference.Models;
using YMaskNet.Inference.Networks;

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
        (string Operation, string Node, double Milliseconds)[] nodes = [.. Shortest(Profile(package, role, threads))];
        Console.WriteLine("  operator, how many, ms: each node's shortest run");
        foreach (IGrouping<string, double> group in nodes.GroupBy(node => node.Operation, node => node.Milliseconds).OrderByDescending(group => group.Sum()))
            Console.WriteLine(FormattableString.Invariant($"  {group.Key,-32} {group.Count(),4} {group.Sum(),8:0.000}"));
        Console.WriteLine(FormattableString.Invariant($"  {"all",-32} {nodes.Length,4} {nodes.Sum(node => node.Milliseconds),8:0.000}"));
        foreach ((string operation, string node, double milliseconds) in each ? nodes : [])
            Console.WriteLine(FormattableString.Invariant($"    {milliseconds,8:0.000} {operation,-18} {node}"));
    }

    private static IReadOnlyList<NodeRun> Profile(ModelPackage package, ModelFileRole role, int threads)
    {
        using SessionOptions options = CpuSessions.Options(threads, laneCount: 1);
        using NetworkProfile profile = new();
        using InferenceSession session = profile.Begin(package.ReadNetwork(role), options);
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
        return profile.End(session);
    }

    /// <summary>The nodes in their order. The shortest of many runs is the one that nothing else on the machine disturbed.</summary>
    private static IEnumerable<(string Operation, string Node, double Milliseconds)> Shortest(IReadOnlyList<NodeRun> runs) => runs
        .GroupBy(run => (run.Operator, run.Name))
        .Select(group => (group.Key.Operator, group.Key.Name, group.Min(run => run.Time.TotalMilliseconds)));

    private static void NextSingles(this Random random, Span<float> values)
    {
        foreach (ref float value in values)
            value = random.NextSingle();
    }
}

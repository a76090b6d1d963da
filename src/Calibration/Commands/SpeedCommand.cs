using System.CommandLine;
using YMaskNet.Inference.Batching;
using YMaskNet.Inference.Models;

namespace YMaskNet.Calibration.Commands;

/// <summary>
/// <c>speed</c>: inspects one image in both precisions, in turns so that whatever else the machine does meets both, and
/// compares the medians of the networks' times, and their shortest ones, which a busy machine disturbs least.
/// </summary>
internal static class SpeedCommand
{
    private const int WarmUpRounds = 10;

    public static Command Create()
    {
        Option<DirectoryInfo> package = PackageOptions.Package();
        Option<FileInfo?> image = PackageOptions.Image();
        Option<int> threads = PackageOptions.Threads();
        Option<int> rounds = new("--rounds") { Description = "Measured inspections in each precision. Default: 200.", DefaultValueFactory = _ => 200 };
        Command command = new("speed", "Compares the time of a package's networks in fp32 and in int8.") { package, image, threads, rounds };
        command.SetAction((parsed, cancellationToken) => Task.Run(
            () =>
            {
                ModelPackage read = ModelPackage.Read(parsed.GetRequiredValue(package).FullName);
                Compare(read, PackageOptions.ReadImage(parsed.GetValue(image), read), parsed.GetValue(threads), Math.Max(1, parsed.GetValue(rounds)), cancellationToken);
            },
            cancellationToken));
        return command;
    }

    private static void Compare(ModelPackage package, byte[] image, int threads, int rounds, CancellationToken cancellationToken)
    {
        if (!package.Manifest.Has(ModelPrecision.Int8))
            throw new ModelPackageException(package.Folder, "it has no int8 network to compare");

        using PipelineRun fp32 = new(package.In(ModelPrecision.Fp32), threads);
        using PipelineRun int8 = new(package.In(ModelPrecision.Int8), threads);
        List<LaneTimes> fp32Times = [];
        List<LaneTimes> int8Times = [];
        for (int round = -WarmUpRounds; round < rounds; round++)
        {
            LaneTimes first = fp32.Inspect(image, cancellationToken);
            LaneTimes second = int8.Inspect(image, cancellationToken);
            if (round < 0)
                continue;
            fp32Times.Add(first);
            int8Times.Add(second);
        }

        Console.WriteLine($"{package.Manifest.Reference}, {threads} threads, medians of {rounds} rounds");
        Write("stage 1", fp32Times, int8Times, times => times.Stage1);
        if (package.Manifest.Regions is not null)
        {
            Write("stage 2", fp32Times, int8Times, times => times.Stage2);
            Write("both", fp32Times, int8Times, times => times.Stage1 + times.Stage2);
        }
    }

    private static void Write(string name, List<LaneTimes> fp32, List<LaneTimes> int8, Func<LaneTimes, TimeSpan> part)
    {
        double before = Median(fp32, part);
        double after = Median(int8, part);
        double shortest = fp32.Min(part).TotalMilliseconds / int8.Min(part).TotalMilliseconds;
        Console.WriteLine(FormattableString.Invariant(
            $"{name,-8} fp32 {before,7:0.00} ms   int8 {after,7:0.00} ms   {before / after:0.00} times as fast (shortest: {shortest:0.00})"));
    }

    private static double Median(List<LaneTimes> times, Func<LaneTimes, TimeSpan> part)
    {
        double[] sorted = [.. times.Select(entry => part(entry).TotalMilliseconds).Order()];
        return (sorted[sorted.Length / 2] + sorted[(sorted.Length - 1) / 2]) / 2;
    }
}

using System.Diagnostics;
using YMaskNet.Inference.Detection;
using YMaskNet.Inference.Regions;

namespace YMaskNet.Perf.Operators.Torchvision;

/// <summary>
/// RoIAlign and non-maximum suppression against torchvision's on the same data, one thread each: results first, then times, in
/// rounds by turns, so that a machine that is busy for a while slows both.
/// </summary>
internal static class TorchvisionComparison
{
    private const int Rounds = 25;
    private const int Candidates = 3000;
    private const int AlignIterations = 10;
    private const int SuppressIterations = 10;
    private const float IouThreshold = 0.5f;
    private const double Tolerance = 1e-5;

    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(2);

    /// <returns>0; 1 where the results differ.</returns>
    public static int Run(string python)
    {
        string folder = Directory.CreateTempSubdirectory("ymasknet-operators-").FullName;
        try
        {
            float[] features = Scene.Values(Scene.FeatureChannels * Scene.FeatureSide * Scene.FeatureSide, seed: 1);
            CornerBox[] regions = Scene.Boxes(Scene.RegionCount, seed: 2);
            Candidate[] candidates = Scene.Candidates(Candidates, seed: 3);
            TorchvisionFiles.Write(folder, features, regions, candidates);
            using TorchvisionProcess torchvision = new(python, folder);
            Console.WriteLine($"PyTorch {torchvision.Version}, one thread each; medians of {Rounds} rounds by turns");
            return Align(folder, torchvision, features, regions) & Suppress(folder, torchvision, candidates) ? 0 : 1;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static bool Align(string folder, TorchvisionProcess torchvision, float[] features, CornerBox[] regions)
    {
        RoiAlign align = new(Scene.FeatureInput, Scene.FeatureSide, Scene.FeatureSide);
        float[] output = new float[align.OutputLength * regions.Length];
        void Run()
        {
            for (int region = 0; region < regions.Length; region++)
                align.Run(features, regions[region], output.AsSpan(region * align.OutputLength, align.OutputLength));
        }

        Run();
        float[] expected = TorchvisionFiles.ReadAligned(folder);
        double difference = output.Zip(expected, (ours, theirs) => Math.Abs((double)ours - theirs)).Max();
        Report("RoIAlign, 32 regions", "roi_align", torchvision, Run, AlignIterations);
        Console.WriteLine($"  largest difference {difference:E1}");
        return output.Length == expected.Length && difference <= Tolerance;
    }

    private static bool Suppress(string folder, TorchvisionProcess torchvision, Candidate[] candidates)
    {
        NonMaximumSuppression suppression = new(Candidates);
        void Run() => suppression.Run(candidates, IouThreshold, Candidates);
        int[] kept = [.. suppression.Run(candidates, IouThreshold, Candidates).ToArray().Select(candidate => candidate.AnchorIndex)];
        long[] expected = TorchvisionFiles.ReadKept(folder);
        Report($"NMS, {Candidates} candidates", "nms", torchvision, Run, SuppressIterations);
        bool isSame = kept.Select(index => (long)index).SequenceEqual(expected);
        Console.WriteLine($"  {kept.Length} kept, {(isSame ? "the same" : "not the same")} as torchvision");
        return isSame;
    }

    private static void Report(string title, string operation, TorchvisionProcess torchvision, Action ours, int iterations)
    {
        // The runtime compiles what runs often again, in the background.
        long warmUp = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(warmUp) < WarmUp)
            ours();
        torchvision.Time(operation, iterations);

        double[] theirTimes = new double[Rounds];
        double[] ourTimes = new double[Rounds];
        double[] ratios = new double[Rounds];
        for (int round = 0; round < Rounds; round++)
        {
            theirTimes[round] = torchvision.Time(operation, iterations);
            long start = Stopwatch.GetTimestamp();
            for (int iteration = 0; iteration < iterations; iteration++)
                ours();
            ourTimes[round] = Stopwatch.GetElapsedTime(start).TotalSeconds / iterations;
            ratios[round] = theirTimes[round] / ourTimes[round];
        }

        Console.WriteLine(
            $"{title}: torchvision {Median(theirTimes) * 1e3:F3} ms, ours {Median(ourTimes) * 1e3:F3} ms, {Median(ratios):F1} times as fast"
            + $" ({ratios.Min():F1} to {ratios.Max():F1})");
    }

    private static double Median(double[] values) => values.Order().ElementAt(values.Length / 2);
}

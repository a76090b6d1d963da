using System.Diagnostics;
using System.Globalization;
using YMaskNet.Imaging;
using YMaskNet.Inference;
using YMaskNet.Inference.Batching;
using YMaskNet.Inference.Cpu;
using YMaskNet.Inference.Frames;
using YMaskNet.Inference.Models;

namespace YMaskNet.Perf.Operators;

/// <summary>
/// What an inspection can't do without: decoding and the two networks on as many regions as the image has, with nothing around
/// them. The server's processor time is held against it.
/// </summary>
internal static class BareSessions
{
    private const int WarmUp = 8;

    /// <summary>Runs threads that each have sessions of their own and take every image in turn, and prints one line of figures.</summary>
    /// <param name="packageFolder">The model package, of a model with two stages.</param>
    /// <param name="precision">The networks' precision.</param>
    /// <param name="imageFolder">Images.</param>
    /// <param name="raw">Whether images are handed in as pixels.</param>
    /// <param name="lanes">Threads.</param>
    /// <param name="intraOpThreads">Threads inside an operator of each.</param>
    /// <param name="seconds">How long.</param>
    public static int Run(
        string packageFolder, ModelPrecision precision, string imageFolder, bool raw, int lanes, int intraOpThreads, double seconds)
    {
        ModelPackage package = ModelPackage.Read(packageFolder).In(precision);
        BareImage[] images = [.. Directory.EnumerateFiles(imageFolder).Order(StringComparer.Ordinal).Select(file => Read(file, raw))];
        CountRegions(package, images);

        using Barrier begin = new(lanes + 1);
        using CancellationTokenSource end = new();
        long inspections = 0;
        Thread[] threads = [.. Enumerable.Range(0, lanes).Select(_ => new Thread(
            () => Interlocked.Add(ref inspections, RunLane(package, images, lanes, intraOpThreads, begin, end.Token))))];
        foreach (Thread thread in threads)
            thread.Start();
        begin.SignalAndWait();

        using Process process = Process.GetCurrentProcess();
        TimeSpan cpuBefore = process.TotalProcessorTime;
        long start = Stopwatch.GetTimestamp();
        end.CancelAfter(TimeSpan.FromSeconds(seconds));
        foreach (Thread thread in threads)
            thread.Join();
        TimeSpan time = Stopwatch.GetElapsedTime(start);
        process.Refresh();
        double cpuMilliseconds = (process.TotalProcessorTime - cpuBefore).TotalMilliseconds / inspections;
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{{\"lanes\": {lanes}, \"threads\": {intraOpThreads}, \"cpu_ms\": {cpuMilliseconds:F3}, \"per_second\": {inspections / time.TotalSeconds:F2}}}"));
        return 0;
    }

    private static long RunLane(
        ModelPackage package, BareImage[] images, int lanes, int intraOpThreads, Barrier begin, CancellationToken end)
    {
        ModelManifest manifest = package.Manifest;
        using Microsoft.ML.OnnxRuntime.SessionOptions options = CpuSessions.Options(intraOpThreads, lanes);
        using Stage1 stage1 = new(package, maxBatch: 1, options);
        using Stage2 stage2 = new(package, manifest.Regions!, manifest.Refinement!, manifest.Detection!.MaxRois, options);
        LetterboxWriter letterbox = new(manifest.Input);
        for (int index = 0; index < WarmUp * images.Length; index++)
        {
            BareImage image = images[index % images.Length];
            using Frame frame = Decode(image.Source);

            // Once, so that the networks see an image; after that the same one over and over.
            letterbox.Write(frame, stage1.Input(0));
            stage1.Run(1);
            stage2.Run(image.Regions);
        }

        begin.SignalAndWait(CancellationToken.None);
        long count = 0;
        for (; !end.IsCancellationRequested; count++)
        {
            BareImage image = images[count % images.Length];
            using Frame frame = Decode(image.Source);
            stage1.Run(1);
            stage2.Run(image.Regions);
        }

        return count;
    }

    private static void CountRegions(ModelPackage package, BareImage[] images)
    {
        using CpuLane lane = new(package, intraOpThreads: 1, laneCount: 1, maxBatch: 1);
        InspectionPlan plan = InspectionPlan.Create(package.Manifest, InspectionTask.DetectAndSegment, DetectionFilter.ModelDefaults);
        RegionsDescription regions = package.Manifest.Regions!;
        foreach (BareImage image in images)
        {
            using Frame frame = Decode(image.Source);
            lane.Prepare(0, frame, plan, outlines: default);
            lane.RunStage1(1);
            lane.FindRegions([0]);
            lane.AlignRegions([0]);
            image.Regions = lane.RegionInput.Length / (regions.ChannelCount * regions.Size * regions.Size);
        }
    }

    private static Frame Decode(ImageSource source) => FrameDecoder.Decode(source, new FrameLimits(), sharedMemory: null, CancellationToken.None);

    private static BareImage Read(string file, bool raw)
    {
        byte[] bytes = File.ReadAllBytes(file);
        if (!raw)
            return new BareImage(new EncodedImage(bytes));
        PixelBuffer pixels = ImageDecoder.Decode(bytes, ImageLimits.Default);
        return new BareImage(new RawImage(pixels.Memory, PixelFormat.Mono8, pixels.Width, pixels.Height, pixels.Stride));
    }

    private sealed class BareImage(ImageSource source)
    {
        public ImageSource Source { get; } = source;

        public int Regions { get; set; }
    }
}

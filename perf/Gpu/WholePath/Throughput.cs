using System.Collections.Concurrent;
using System.Diagnostics;
using YMaskNet.Inference;
using YMaskNet.Inference.Frames;
using YMaskNet.Inference.Models;
using YMaskNet.Inference.Results;
using YMaskNet.Perf.Gpu.Timing;

namespace YMaskNet.Perf.Gpu.WholePath;

/// <summary>How many frames a second a model inspects in this process, with so many in hand; frames are handed in as samples.</summary>
internal static class Throughput
{
    /// <summary>Runs a fifth of the time as warm-up, then as long as is asked for.</summary>
    /// <param name="setup">The images.</param>
    /// <param name="model">The model.</param>
    /// <param name="batch">Most images of a batch, as the engine was started.</param>
    /// <param name="inHand">Inspections in hand.</param>
    /// <param name="time">How long.</param>
    /// <param name="copyTimes">How long a full batch's copies take.</param>
    /// <param name="cancellationToken">Ends the run.</param>
    public static async Task<ThroughputFigure> RunAsync(
        PathSetup setup, InspectionModel model, int batch, int inHand, TimeSpan time, CopyTimes copyTimes, CancellationToken cancellationToken)
    {
        SampleImage[] images = FramesFor(model.Manifest, [.. setup.Images.Select(entry => CheckImages.Decoded(entry.Image))]);
        await InspectAsync(model, images, inHand, time / 5, cancellationToken);
        using CopyCounter copies = new();
        long start = Stopwatch.GetTimestamp();
        ConcurrentBag<StageTimes> times = await InspectAsync(model, images, inHand, time, cancellationToken);
        TimeSpan taken = Stopwatch.GetElapsedTime(start);

        // A batch goes up in one copy.
        int batches = Math.Max(1, copies.Take().Count(copy => copy.IsToDevice));
        double share = times.Count / (double)(batches * batch);
        StageShares stages = StageShares.Of(times, copyTimes.ToDevice * share, copyTimes.ToHost * share);
        return new ThroughputFigure(
            model.Manifest.Reference,
            batch,
            inHand,
            times.Count / taken.TotalSeconds,
            times.Count / (double)batches,
            Medians.Of([.. times.Select(entry => entry.Total.TotalMilliseconds)]),
            stages,
            stages.LimitingStage(taken.TotalMilliseconds / batches));
    }

    /// <summary>Those of the network's own size, as a camera would send them; all where there are none.</summary>
    private static SampleImage[] FramesFor(ModelManifest manifest, SampleImage[] images)
    {
        SampleImage[] fitting = [.. images.Where(image => (image.Width, image.Height) == (manifest.Input.Width, manifest.Input.Height))];
        return fitting.Length > 0 ? fitting : images;
    }

    private static async Task<ConcurrentBag<StageTimes>> InspectAsync(
        InspectionModel model, SampleImage[] images, int inHand, TimeSpan time, CancellationToken cancellationToken)
    {
        ConcurrentBag<StageTimes> times = [];
        long start = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, inHand).Select(place => Task.Run(
            async () =>
            {
                int next = place;
                do
                {
                    InspectionRequest request = new(images[next % images.Length], PathSetup.MainTask(model.Manifest))
                    {
                        WhenQueueIsFull = QueuePolicy.Wait,
                        MaskFormat = MaskFormat.None,
                    };
                    times.Add((await model.InspectAsync(request, cancellationToken)).Times);
                    next += inHand;
                }
                while (Stopwatch.GetElapsedTime(start) < time);
            },
            cancellationToken)));
        return times;
    }
}

/// <summary>A model's throughput in process.</summary>
/// <param name="Model">The model.</param>
/// <param name="Batch">Most images of a batch.</param>
/// <param name="InHand">Inspections in hand.</param>
/// <param name="PerSecond">Frames a second.</param>
/// <param name="MeanBatch">Frames of a batch, on average.</param>
/// <param name="Milliseconds">Median from request to result.</param>
/// <param name="Stages">What a batch takes.</param>
/// <param name="Limit">The stage that keeps it from being faster.</param>
internal sealed record ThroughputFigure(
    string Model, int Batch, int InHand, double PerSecond, double MeanBatch, double Milliseconds, StageShares Stages, string Limit);

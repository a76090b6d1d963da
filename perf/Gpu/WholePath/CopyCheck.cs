using YMaskNet.Inference;
using YMaskNet.Inference.Frames;
using YMaskNet.Inference.Models;

namespace YMaskNet.Perf.Gpu.WholePath;

/// <summary>Counts the copies of a full batch between the host and the device, and holds them against what there has to be.</summary>
internal static class CopyCheck
{
    // The first batches may bring more masks than the lane expects.
    private const int WarmUpRounds = 2;

    /// <summary>Counts for every model.</summary>
    /// <param name="setup">The models, images and device.</param>
    /// <param name="batch">Images of the batch.</param>
    /// <param name="cancellationToken">Ends the check.</param>
    public static async Task<IReadOnlyList<CopyVerdict>> RunAsync(PathSetup setup, int batch, CancellationToken cancellationToken)
    {
        await using InspectionEngine engine = await setup.StartOnGpuAsync(batch, gathersBatches: true, cancellationToken);
        using CopyCounter counter = new();
        List<CopyVerdict> verdicts = [];
        foreach (InspectionModel model in engine.Models)
        {
            for (int round = 0; round < WarmUpRounds; round++)
                await InspectAsync(setup, model, batch, cancellationToken);
            counter.Take();
            await InspectAsync(setup, model, batch, cancellationToken);
            verdicts.Add(Judge(model.Manifest, batch, counter.Take()));
        }

        return verdicts;
    }

    /// <summary>Holds a batch's copies against what there has to be.</summary>
    public static CopyVerdict Judge(ModelManifest manifest, int batch, IReadOnlyList<Copy> copies)
    {
        const int MostUp = 1;
        int mostDown = manifest.Regions is not null ? 2 : 1;
        int up = copies.Count(copy => copy.IsToDevice);
        int down = copies.Count - up;
        List<string> failures = [];
        if (up > MostUp)
            failures.Add($"{manifest.Reference}: {up} copies to the device for a batch of {batch}; {MostUp} is enough for all frames and what the kernels are told of them");
        if (down > mostDown)
            failures.Add($"{manifest.Reference}: {down} copies to the host for a batch of {batch}; {Downloads(manifest)} are {mostDown}");
        return new CopyVerdict(manifest.Reference, batch, copies, failures);
    }

    private static string Downloads(ModelManifest manifest) =>
        manifest.Regions is not null ? "the number of regions and the results" : "the results";

    private static Task InspectAsync(PathSetup setup, InspectionModel model, int batch, CancellationToken cancellationToken) =>
        Task.WhenAll(Enumerable.Range(0, batch).Select(index => Task.Run(
            async () =>
            {
                SampleImage image = CheckImages.Decoded(setup.Images[index % setup.Images.Count].Image);
                await model.InspectAsync(new InspectionRequest(image, PathSetup.MainTask(model.Manifest)), cancellationToken);
            },
            cancellationToken)));
}

/// <summary>A batch's copies.</summary>
/// <param name="Model">The model.</param>
/// <param name="Batch">Images of the batch.</param>
/// <param name="Copies">All of them, in their order.</param>
/// <param name="Failures">What is wrong, one line each.</param>
internal sealed record CopyVerdict(string Model, int Batch, IReadOnlyList<Copy> Copies, IReadOnlyList<string> Failures);

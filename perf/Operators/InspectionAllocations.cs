using Microsoft.Extensions.Logging.Abstractions;
using YMaskNet.Imaging;
using YMaskNet.Inference;
using YMaskNet.Inference.Frames;
using YMaskNet.Inference.Results;

namespace YMaskNet.Perf.Operators;

/// <summary>Managed memory that an inspection allocates in the library, all threads together, beside what its result holds.</summary>
internal static class InspectionAllocations
{
    private const int WarmUp = 50;
    private const int Inspections = 200;

    /// <param name="models">Folder of model packages.</param>
    /// <param name="model">The model.</param>
    /// <param name="imageFile">An 8-bit grey image, which is inspected as raw pixels.</param>
    public static async Task<int> RunAsync(string models, string model, string imageFile)
    {
        using PixelBuffer pixels = ImageDecoder.Decode(await File.ReadAllBytesAsync(imageFile), ImageLimits.Default);
        RawImage image = new(pixels.Memory, PixelFormat.Mono8, pixels.Width, pixels.Height, pixels.Stride);
        await using InspectionEngine engine = await InspectionEngine.StartAsync(
            new EngineOptions { ModelsDirectory = models }, NullLoggerFactory.Instance, CancellationToken.None);
        InspectionModel loaded = engine.GetModel(model);
        foreach (InspectionTask task in loaded.Manifest.Tasks.Where(task => task != InspectionTask.Segment || loaded.IsSemantic))
        {
            InspectionRequest request = new(image, task);
            await InspectAsync(loaded, request, WarmUp);
            long before = GC.GetTotalAllocatedBytes(precise: true);
            InspectionResult result = await InspectAsync(loaded, request, Inspections);
            long bytes = (GC.GetTotalAllocatedBytes(precise: true) - before) / Inspections;
            Console.WriteLine($"{task}: {bytes} bytes an inspection, {result.Defects.Count + result.Regions.Count} defects or regions");
        }

        return 0;
    }

    private static async Task<InspectionResult> InspectAsync(InspectionModel model, InspectionRequest request, int count)
    {
        InspectionResult result = await model.InspectAsync(request, CancellationToken.None);
        for (int inspection = 1; inspection < count; inspection++)
            result = await model.InspectAsync(request, CancellationToken.None);
        return result;
    }
}

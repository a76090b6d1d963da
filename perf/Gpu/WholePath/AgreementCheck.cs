using YMaskNet.Inference;
using YMaskNet.Inference.Frames;
using YMaskNet.Inference.Models;
using YMaskNet.Inference.Results;

namespace YMaskNet.Perf.Gpu.WholePath;

/// <summary>Compares a GPU's answers with the CPU's: every model, every image, every task that the model offers.</summary>
internal static class AgreementCheck
{
    /// <summary>Compares.</summary>
    public static async Task<IReadOnlyList<AgreementVerdict>> RunAsync(PathSetup setup, CancellationToken cancellationToken)
    {
        await using InspectionEngine cpu = await setup.StartOnCpuAsync(cancellationToken);
        await using InspectionEngine gpu = await setup.StartOnGpuAsync(maxBatch: 1, gathersBatches: false, cancellationToken);
        List<AgreementVerdict> verdicts = [];
        foreach (InspectionModel model in gpu.Models)
            verdicts.Add(await CompareAsync(setup, cpu.GetModel(model.Manifest.Reference), model, cancellationToken));
        return verdicts;
    }

    private static async Task<AgreementVerdict> CompareAsync(
        PathSetup setup, InspectionModel cpu, InspectionModel gpu, CancellationToken cancellationToken)
    {
        ModelManifest manifest = gpu.Manifest;
        int answers = 0;
        int defects = 0;
        List<string> failures = [];
        foreach ((string name, EncodedImage image) in setup.Images)
        {
            RegionOfInterest[] regions = [];
            foreach (InspectionTask task in manifest.Tasks.Order().OrderBy(task => task == InspectionTask.Segment))
            {
                // Callers' boxes: what was found before.
                bool outlines = task == InspectionTask.Segment && manifest.Semantic is null;
                if (outlines && regions.Length == 0)
                    continue;
                InspectionRequest request = new(image, task) { KeepsPixels = true, RegionsOfInterest = outlines ? regions : [] };
                InspectionResult expected = await cpu.InspectAsync(request, cancellationToken);
                InspectionResult found = await gpu.InspectAsync(request, cancellationToken);
                answers++;
                defects += expected.Defects.Count;
                if (AnswerComparison.Difference(expected, found, MinScore(manifest, task), manifest.Semantic?.BackgroundClass ?? 0) is { } difference)
                    failures.Add($"{manifest.Reference}, {name}, {task}: {difference}");
                if (task == InspectionTask.DetectAndSegment)
                    regions = [.. expected.Defects.Select(defect => new RegionOfInterest(defect.Box))];
            }
        }

        return new AgreementVerdict(manifest.Reference, setup.Images.Count, answers, defects, manifest.Goldens.Count(golden => golden.Precision == gpu.Precision), failures);
    }

    private static float MinScore(ModelManifest manifest, InspectionTask task) => manifest.Detection is not { } detection ? 0f
        : task == InspectionTask.Detect ? detection.DetectMinScore
        : task == InspectionTask.DetectAndSegment ? detection.DetectAndSegmentMinScore
        : 0f;
}

/// <summary>What became of a model's answers.</summary>
/// <param name="Model">The model.</param>
/// <param name="Images">Images that were inspected.</param>
/// <param name="Answers">Answers that were compared.</param>
/// <param name="Defects">Defects of the CPU's answers.</param>
/// <param name="Goldens">Golden images that the start inspected and compared.</param>
/// <param name="Failures">Where the answers differ, one line each.</param>
internal sealed record AgreementVerdict(string Model, int Images, int Answers, int Defects, int Goldens, IReadOnlyList<string> Failures);

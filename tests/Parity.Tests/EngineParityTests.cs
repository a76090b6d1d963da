using YMaskNet.Inference;
using YMaskNet.Inference.Frames;
using YMaskNet.Inference.Models;
using YMaskNet.Inference.Results;

namespace YMaskNet.Parity.Tests;

/// <summary>
/// The engine against what PyTorch computes from the same weights on the samples, for every model that ships: the same
/// defects and classes, boxes within 0.5 pixels, scores within 0.001 (in 8 bits 0.005), and at least 99 % of the masks within 2 pixels or 1 %.
/// </summary>
public sealed class EngineParityTests(EngineFixture engine) : IClassFixture<EngineFixture>
{
    /// <summary>Models, files of goldens, and tasks that find defects.</summary>
    public static TheoryData<string, ModelPrecision, string, InspectionTask> DefectTasks()
    {
        TheoryData<string, ModelPrecision, string, InspectionTask> cases = [];
        foreach ((string file, InspectionTask task) in new[] { ("detect", InspectionTask.Detect), ("detectAndSegment", InspectionTask.DetectAndSegment) })
        {
            foreach ((string model, ModelPrecision precision) in Repository.ModelsWith(file))
            {
                cases.Add(model, precision, file, task);
            }
        }

        return cases;
    }

    /// <summary>Models that segment.</summary>
    public static TheoryData<string, ModelPrecision> SegmentingModels() => new(Repository.ModelsWith("segment"));

    [Theory]
    [MemberData(nameof(DefectTasks))]
    public async Task Inspect_Samples_AgreesWithPyTorch(string model, ModelPrecision precision, string file, InspectionTask task)
    {
        Agreement agreement = new(precision == ModelPrecision.Int8 ? Agreement.Int8ScoreTolerance : Agreement.ScoreTolerance);
        foreach (Golden golden in Golden.Load(model, precision, file))
        {
            InspectionRequest request = Request(golden, task) with
            {
                Filter = new DetectionFilter(golden.MinScore, MaxDefects: golden.MaxDefects),
            };
            agreement.Compare(golden, await InspectAsync(model, precision, request));
        }

        Assert.True(agreement.Failures().Length == 0, agreement.Failures());
        Assert.NotEqual(0, agreement.Matched);
        Assert.Equal(task == InspectionTask.DetectAndSegment, agreement.Masks > 0);
    }

    [Theory]
    [MemberData(nameof(SegmentingModels))]
    public async Task Segment_GivenRegionsOrWholeImages_AgreesWithPyTorch(string model, ModelPrecision precision)
    {
        Agreement agreement = new(precision == ModelPrecision.Int8 ? Agreement.Int8ScoreTolerance : Agreement.ScoreTolerance);
        foreach (Golden golden in Golden.Load(model, precision, "segment"))
        {
            InspectionRequest request = Request(golden, InspectionTask.Segment);
            if (golden.Regions is not null)
            {
                agreement.CompareRegions(golden, await InspectAsync(model, precision, request));
                continue;
            }

            request = request with { RegionsOfInterest = [.. golden.Rois!.Select(Region)] };
            agreement.CompareInOrder(golden, await InspectAsync(model, precision, request));
        }

        Assert.True(agreement.Failures().Length == 0, agreement.Failures());
        Assert.NotEqual(0, agreement.Masks);
    }

    private static InspectionRequest Request(Golden golden, InspectionTask task) =>
        new(new EncodedImage(Repository.ReadImage(golden)), task) { MaskFormat = MaskFormat.CocoRle };

    private static RegionOfInterest Region(GoldenBoxOfInterest region)
    {
        GoldenBox box = region.Box;
        return new RegionOfInterest(new PixelBox((float)box.X, (float)box.Y, (float)box.Width, (float)box.Height), region.Class);
    }

    private ValueTask<InspectionResult> InspectAsync(string model, ModelPrecision precision, InspectionRequest request) =>
        engine.Model(model, precision).InspectAsync(request, TestContext.Current.CancellationToken);
}

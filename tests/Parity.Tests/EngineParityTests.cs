using YMaskNet.Inference;
using YMaskNet.Inference.Frames;
using YMaskNet.Inference.Results;

namespace YMaskNet.Parity.Tests;

/// <summary>
/// The engine against what PyTorch computes from the same weights on the samples: the same defects and classes, boxes
/// within 0.5 pixels, scores within 0.001, and at least 99 % of the masks within 2 pixels or 1 %.
/// </summary>
public sealed class EngineParityTests(EngineFixture engine) : IClassFixture<EngineFixture>
{
    [Theory]
    [InlineData("detect", InspectionTask.Detect)]
    [InlineData("detectAndSegment", InspectionTask.DetectAndSegment)]
    public async Task Inspect_Samples_AgreesWithPyTorch(string file, InspectionTask task)
    {
        Agreement agreement = new();
        foreach (Golden golden in Golden.Load(file))
        {
            InspectionRequest request = Request(golden, task) with
            {
                Filter = new DetectionFilter(golden.MinScore, MaxDefects: golden.MaxDefects),
            };
            agreement.Compare(golden, await InspectAsync(request));
        }

        Assert.True(agreement.Failures().Length == 0, agreement.Failures());
        Assert.NotEqual(0, agreement.Matched);
        Assert.Equal(task == InspectionTask.DetectAndSegment, agreement.Masks > 0);
    }

    [Fact]
    public async Task Segment_GivenRegions_AgreesWithPyTorch()
    {
        Agreement agreement = new();
        foreach (Golden golden in Golden.Load("segment"))
        {
            InspectionRequest request = Request(golden, InspectionTask.Segment) with
            {
                RegionsOfInterest = [.. golden.Rois!.Select(Region)],
            };
            agreement.CompareInOrder(golden, await InspectAsync(request));
        }

        Assert.True(agreement.Failures().Length == 0, agreement.Failures());
        Assert.NotEqual(0, agreement.Masks);
    }

    private static InspectionRequest Request(Golden golden, InspectionTask task) =>
        new(new EncodedImage(Repository.ReadImage(golden)), task) { MaskFormat = MaskFormat.CocoRle };

    private static RegionOfInterest Region(GoldenRegion region)
    {
        GoldenBox box = region.Box;
        return new RegionOfInterest(new PixelBox((float)box.X, (float)box.Y, (float)box.Width, (float)box.Height), region.Class);
    }

    private Task<InspectionResult> InspectAsync(InspectionRequest request) =>
        engine.Model.InspectAsync(request, TestContext.Current.CancellationToken);
}

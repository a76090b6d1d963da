using YMaskNet.Inference.Results;
using YMaskNet.Testing;

namespace YMaskNet.Inference.Tests.Engine;

/// <summary>What the tiny networks find is worked out by hand: see <c>BlobNetworks</c>.</summary>
public sealed class InspectionTests(TinyEngine tiny) : IClassFixture<TinyEngine>
{
    private static readonly BlobBoard Board = BlobBoard.TwoBlobs();

    [Fact]
    public async Task Detect_TwoBlobs_FindsBothAtTheirCells()
    {
        InspectionResult result = await TinyEngine.Inspect(tiny.YMaskNet, Board, InspectionTask.Detect);

        // The wider anchor overlaps the first one with an IoU of 0.5, which does not suppress it; both anchors count.
        Assert.Equal((64, 64), (result.ImageWidth, result.ImageHeight));
        Defect[] square = [.. result.Defects.Where(defect => defect.Box.Width < 11f)];
        Assert.Equal(2, square.Length);
        AssertDefect(square[0], "bright", Sigmoid(16) * Sigmoid(6), new PixelBox(39f, 31f, 10f, 10f));
        AssertDefect(square[1], "dull", Sigmoid(8) * Sigmoid(6), new PixelBox(7f, 15f, 10f, 10f));
        Assert.All(result.Defects, defect => Assert.Null(defect.Mask));
        Assert.Equal(("CPUExecutionProvider", "cpu"), (result.ExecutionProvider, result.Device));
    }

    [Fact]
    public async Task Detect_RgbModelOnGreyImage_FindsTheSame()
    {
        InspectionResult grey = await TinyEngine.Inspect(tiny.YMaskNet, Board, InspectionTask.Detect);
        InspectionResult colour = await TinyEngine.Inspect(tiny.YoloV5, Board, InspectionTask.Detect);

        Assert.Equal(grey.Defects.Select(defect => defect.Box), colour.Defects.Select(defect => defect.Box));
        Assert.Equal(grey.Defects.Select(defect => defect.ClassId), colour.Defects.Select(defect => defect.ClassId));
    }

    [Fact]
    public async Task DetectAndSegment_TwoBlobs_RefinesAndOutlines()
    {
        InspectionResult result = await TinyEngine.Inspect(tiny.YMaskNet, Board, InspectionTask.DetectAndSegment);

        Defect bright = result.Defects.First(defect => defect.ClassName == "bright" && defect.Box.Width < 15f);
        double width = 10 * Math.Exp(0.05);
        double height = 10 * Math.Exp(-0.05);
        Assert.Equal(44.5 - (width / 2), bright.Box.X, 1e-3);
        Assert.Equal(35.5 - (height / 2), bright.Box.Y, 1e-3);
        Assert.Equal(width, bright.Box.Width, 1e-3);
        Assert.Equal(height, bright.Box.Height, 1e-3);
        Assert.InRange(bright.Score, 0.9f, 1f);

        // The mask lies in the box that the region was cut from, not in the refined one: it is the blob itself.
        CocoRleMask mask = Assert.IsType<CocoRleMask>(bright.Mask);
        Assert.InRange(mask.Area, 48, 81);
    }

    [Fact]
    public async Task Segment_CallersBoxes_AnswersEachInItsOrder()
    {
        InspectionResult result = await TinyEngine.Inspect(
            tiny.YMaskNet,
            Board,
            InspectionTask.Segment,
            new RegionOfInterest(new PixelBox(36f, 28f, 16f, 16f)),
            new RegionOfInterest(new PixelBox(4f, 12f, 16f, 16f), "bright"),
            new RegionOfInterest(new PixelBox(4f, 12f, 16f, 16f)),
            new RegionOfInterest(new PixelBox(-10f, -10f, 20f, 20f)));

        Assert.Equal(["bright", "bright", "dull"], result.Defects.Take(3).Select(defect => defect.ClassName));
        Assert.Equal(4, result.Defects.Count);
        Assert.InRange(result.Defects[0].Score, 0.99f, 1f);
        Assert.InRange(result.Defects[1].Score, 0f, 0.01f);
        Assert.InRange(result.Defects[2].Score, 0.99f, 1f);
        Assert.InRange(result.Defects[0].Mask!.Area, 49, 81);
        Assert.Equal(0, result.Defects[3].Mask!.Area);
    }

    [Fact]
    public async Task Segment_MoreRegionsThanAChunk_GivesEachWhatItGivesAlone()
    {
        RegionOfInterest[] regions =
        [
            .. Enumerable.Range(0, 40).Select(index => new RegionOfInterest(new PixelBox(index, 60f - index, 3f + index, 4f + (index / 2f)))),
        ];

        InspectionResult together = await TinyEngine.Inspect(tiny.YMaskNet, Board, InspectionTask.Segment, regions);

        for (int index = 0; index < regions.Length; index++)
        {
            InspectionResult alone = await TinyEngine.Inspect(tiny.YMaskNet, Board, InspectionTask.Segment, regions[index]);
            Assert.Equal(alone.Defects[0], together.Defects[index]);
        }
    }

    [Fact]
    public async Task Segment_SemanticModel_FindsTheBlobsExactly()
    {
        InspectionRequest request = new(TinyEngine.Raw(Board), InspectionTask.Segment) { IncludeClassMap = true };

        InspectionResult result = await tiny.Semantic.InspectAsync(request, CancellationToken.None);

        Assert.Collection(
            result.Regions,
            region => AssertRegion(region, "dull", new PixelBox(8f, 16f, 8f, 8f), 12.0, 20.0),
            region => AssertRegion(region, "bright", new PixelBox(40f, 32f, 8f, 8f), 44.0, 36.0));
        Assert.NotNull(result.ClassMapPng);
        Assert.Empty(result.Defects);
    }

    [Fact]
    public async Task Segment_SemanticModelOnLargerImage_ScalesTheClassMap()
    {
        BlobBoard board = new BlobBoard(256, 128).Fill(64, 32, 32, 32, BlobBoard.Bright);

        InspectionResult result = await TinyEngine.Inspect(tiny.Semantic, board, InspectionTask.Segment);

        Region region = Assert.Single(result.Regions, candidate => candidate.ClassName == "bright");
        Assert.InRange(region.Box.X, 60f, 68f);
        Assert.InRange(region.Box.Y, 28f, 36f);
        Assert.InRange(region.Area, 28 * 28, 36 * 36);
    }

    [Fact]
    public async Task Inspect_EmptyBoard_FindsNothing()
    {
        BlobBoard empty = new(64, 64);

        Assert.Empty((await TinyEngine.Inspect(tiny.YMaskNet, empty, InspectionTask.Detect)).Defects);
        Assert.Empty((await TinyEngine.Inspect(tiny.YMaskNet, empty, InspectionTask.DetectAndSegment)).Defects);
        Assert.Empty((await TinyEngine.Inspect(tiny.Semantic, empty, InspectionTask.Segment)).Regions);
    }

    [Fact]
    public async Task Detect_MaxDefectsAndMinScore_Limit()
    {
        ValueTask<InspectionResult> With(DetectionFilter filter) => tiny.YMaskNet.InspectAsync(
            new InspectionRequest(TinyEngine.Raw(Board), InspectionTask.Detect) { Filter = filter }, CancellationToken.None);

        Defect best = Assert.Single((await With(new DetectionFilter(MaxDefects: 1))).Defects);
        Assert.Equal("bright", best.ClassName);
        Assert.Empty((await With(new DetectionFilter(MinScore: 1f))).Defects);

        // With a threshold of 0 every overlap suppresses: one box for each blob at a score that only blobs reach.
        Assert.Equal(2, (await With(new DetectionFilter(MinScore: 0.9f, NmsIouThreshold: 0f))).Defects.Count);
    }

    [Fact]
    public async Task Inspect_ManyAtOnce_GivesWhatOneAloneGives()
    {
        InspectionResult alone = await TinyEngine.Inspect(tiny.YMaskNet, Board, InspectionTask.DetectAndSegment);

        InspectionResult[] together = await Task.WhenAll(Enumerable.Range(0, 32).Select(_ => Task.Run(
            () => TinyEngine.Inspect(tiny.YMaskNet, Board, InspectionTask.DetectAndSegment).AsTask())));

        Assert.All(together, result => Assert.Equal(alone.Defects, result.Defects));
    }

    [Fact]
    public async Task Inspect_StageTimes_AddUpToNoMoreThanTheTotal()
    {
        StageTimes times = (await TinyEngine.Inspect(tiny.YMaskNet, Board, InspectionTask.DetectAndSegment)).Times;

        TimeSpan[] stages =
        [
            times.Decode, times.Queue, times.Preprocess, times.Stage1, times.Detection, times.RoiAlign, times.Stage2, times.Segmentation,
            times.Results,
        ];
        Assert.All([times.Stage1, times.RoiAlign, times.Stage2, times.Segmentation], stage => Assert.True(stage > TimeSpan.Zero));
        Assert.True(stages.Aggregate(TimeSpan.Zero, (sum, stage) => sum + stage) <= times.Total);
    }

    private static void AssertDefect(Defect defect, string className, double score, PixelBox box)
    {
        Assert.Equal(className, defect.ClassName);
        Assert.Equal(score, defect.Score, 1e-4);
        Assert.Equal(box, defect.Box);
    }

    private static void AssertRegion(Region region, string className, PixelBox box, double centroidX, double centroidY)
    {
        Assert.Equal(className, region.ClassName);
        Assert.Equal(64, region.Area);
        Assert.Equal(box, region.Box);
        Assert.Equal(centroidX, region.CentroidX, 1e-9);
        Assert.Equal(centroidY, region.CentroidY, 1e-9);
    }

    private static double Sigmoid(double value) => 1 / (1 + Math.Exp(-value));
}

using YMaskNet.Inference.Frames;
using YMaskNet.Inference.Results;
using YMaskNet.Testing;

namespace YMaskNet.Inference.Tests.Engine;

public sealed class RefusalTests(TinyEngine tiny) : IClassFixture<TinyEngine>
{
    private static readonly RawImage Image = TinyEngine.Raw(BlobBoard.TwoBlobs());

    public static TheoryData<float, float, float, float, string> BadBoxes => new()
    {
        { float.NaN, 0f, 5f, 5f, "ROI_NOT_FINITE" },
        { 0f, float.PositiveInfinity, 5f, 5f, "ROI_NOT_FINITE" },
        { 0f, 0f, float.NaN, 5f, "ROI_NOT_FINITE" },
        { 3e38f, 0f, 3e38f, 5f, "ROI_NOT_FINITE" },
        { 10f, 10f, -5f, 5f, "ROI_REVERSED" },
        { 10f, 10f, 5f, 0f, "ROI_REVERSED" },
        { 60f, 10f, 1e-9f, 5f, "ROI_REVERSED" },
        { 64f, 0f, 5f, 5f, "ROI_OUTSIDE_IMAGE" },
        { -9f, 0f, 5f, 5f, "ROI_OUTSIDE_IMAGE" },
        { 0f, 1000f, 5f, 5f, "ROI_OUTSIDE_IMAGE" },
    };

    [Theory]
    [MemberData(nameof(BadBoxes))]
    public async Task Segment_BadBox_NamesTheBox(float x, float y, float width, float height, string reason)
    {
        RegionOfInterest good = new(new PixelBox(1f, 1f, 5f, 5f));
        RegionOfInterest bad = new(new PixelBox(x, y, width, height));

        await AssertRefused(
            tiny.YMaskNet, Request(InspectionTask.Segment, good, bad), InspectionErrorKind.InvalidArgument, reason, "rois[1].box");
    }

    [Fact]
    public Task Segment_UnknownClass_NamesTheField() => AssertRefused(
        tiny.YMaskNet,
        Request(InspectionTask.Segment, new RegionOfInterest(new PixelBox(1f, 1f, 5f, 5f), "rust")),
        InspectionErrorKind.InvalidArgument,
        "CLASS_UNKNOWN",
        "rois[0].class_name");

    [Fact]
    public Task Segment_TooManyBoxes_IsRefused() => AssertRefused(
        tiny.YMaskNet,
        Request(InspectionTask.Segment, [.. Enumerable.Repeat(new RegionOfInterest(new PixelBox(1f, 1f, 5f, 5f)), 41)]),
        InspectionErrorKind.InvalidArgument,
        "ROI_COUNT_OUT_OF_RANGE",
        "rois");

    [Fact]
    public async Task Segment_MostBoxes_AreAnswered()
    {
        RegionOfInterest[] regions = [.. Enumerable.Repeat(new RegionOfInterest(new PixelBox(0f, 0f, 64f, 64f)), 40)];

        Assert.Equal(40, (await tiny.YMaskNet.InspectAsync(Request(InspectionTask.Segment, regions), CancellationToken.None)).Defects.Count);
    }

    [Fact]
    public Task Segment_InstanceModelWithoutBoxes_IsRefused() => AssertRefused(
        tiny.YMaskNet, Request(InspectionTask.Segment), InspectionErrorKind.FailedPrecondition, "ROIS_REQUIRED", "rois");

    [Fact]
    public Task Segment_SemanticModelWithBoxes_IsRefused() => AssertRefused(
        tiny.Semantic,
        Request(InspectionTask.Segment, new RegionOfInterest(new PixelBox(1f, 1f, 5f, 5f))),
        InspectionErrorKind.FailedPrecondition,
        "ROIS_NOT_SUPPORTED",
        "rois");

    [Fact]
    public async Task Segment_MinRegionArea_IsRefusedWhereItIsNoneOrThereAreNoRegions()
    {
        await AssertRefused(
            tiny.Semantic,
            Request(InspectionTask.Segment) with { MinRegionArea = 0 },
            InspectionErrorKind.InvalidArgument,
            "MIN_REGION_AREA_OUT_OF_RANGE",
            "min_region_area");
        await AssertRefused(
            tiny.YMaskNet,
            Request(InspectionTask.Segment, new RegionOfInterest(new PixelBox(1f, 1f, 5f, 5f))) with { MinRegionArea = 5 },
            InspectionErrorKind.InvalidArgument,
            "MIN_REGION_AREA_NOT_SUPPORTED",
            "min_region_area");
    }

    [Fact]
    public async Task Inspect_TaskThatTheModelCantDo_IsRefused()
    {
        await AssertRefused(
            tiny.YoloV5, Request(InspectionTask.DetectAndSegment), InspectionErrorKind.FailedPrecondition, "TASK_NOT_SUPPORTED", "task");
        await AssertRefused(
            tiny.Semantic, Request(InspectionTask.Detect), InspectionErrorKind.FailedPrecondition, "TASK_NOT_SUPPORTED", "task");
    }

    [Theory]
    [InlineData(-0.01f)]
    [InlineData(1.01f)]
    [InlineData(float.NaN)]
    public async Task Detect_ThresholdOutOfRange_NamesTheField(float value)
    {
        await AssertRefused(
            tiny.YMaskNet,
            Request(InspectionTask.Detect) with { Filter = new DetectionFilter(MinScore: value) },
            InspectionErrorKind.InvalidArgument,
            "MIN_SCORE_OUT_OF_RANGE",
            "options.min_score");
        await AssertRefused(
            tiny.YMaskNet,
            Request(InspectionTask.Detect) with { Filter = new DetectionFilter(NmsIouThreshold: value) },
            InspectionErrorKind.InvalidArgument,
            "NMS_IOU_THRESHOLD_OUT_OF_RANGE",
            "options.nms_iou_threshold");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(41)]
    public Task Detect_MaxDefectsOutOfRange_NamesTheField(int value) => AssertRefused(
        tiny.YMaskNet,
        Request(InspectionTask.Detect) with { Filter = new DetectionFilter(MaxDefects: value) },
        InspectionErrorKind.InvalidArgument,
        "MAX_DEFECTS_OUT_OF_RANGE",
        "options.max_defects");

    [Fact]
    public Task Detect_UnknownMaskFormat_IsRefused() => AssertRefused(
        tiny.YMaskNet,
        Request(InspectionTask.Detect) with { MaskFormat = (MaskFormat)99 },
        InspectionErrorKind.InvalidArgument,
        "MASK_FORMAT_UNKNOWN",
        "mask_format");

    [Fact]
    public async Task Detect_BadImage_IsRefusedAndTheModelGoesOn()
    {
        for (int repetition = 0; repetition < 200; repetition++)
        {
            await AssertRefused(
                tiny.YMaskNet,
                new InspectionRequest(new EncodedImage(new byte[] { 1, 2, 3, 4, 5, 6, 7, 8 }), InspectionTask.Detect),
                InspectionErrorKind.InvalidArgument,
                "IMAGE_FORMAT_UNKNOWN",
                "image.encoded");
        }

        // More refusals than the queue has places: each gave its place back.
        Assert.NotEmpty((await tiny.YMaskNet.InspectAsync(Request(InspectionTask.Detect), CancellationToken.None)).Defects);
    }

    [Theory]
    [InlineData("none", InspectionErrorKind.NotFound, "MODEL_NOT_FOUND")]
    [InlineData("tiny-ymasknet/2", InspectionErrorKind.NotFound, "MODEL_NOT_FOUND")]
    [InlineData("TINY-YMASKNET", InspectionErrorKind.NotFound, "MODEL_NOT_FOUND")]
    [InlineData("tiny-ymasknet/one", InspectionErrorKind.InvalidArgument, "MODEL_REFERENCE_INVALID")]
    [InlineData("tiny-ymasknet/0", InspectionErrorKind.InvalidArgument, "MODEL_REFERENCE_INVALID")]
    [InlineData("tiny-ymasknet/", InspectionErrorKind.InvalidArgument, "MODEL_REFERENCE_INVALID")]
    [InlineData("a/b/c", InspectionErrorKind.InvalidArgument, "MODEL_REFERENCE_INVALID")]
    [InlineData("/1", InspectionErrorKind.InvalidArgument, "MODEL_REFERENCE_INVALID")]
    public void GetModel_NoSuchModel_SaysWhichThereAre(string reference, InspectionErrorKind kind, string reason)
    {
        InspectionException exception = Assert.Throws<InspectionException>(() => tiny.Engine.GetModel(reference));

        Assert.Equal((kind, reason, "model"), (exception.Kind, exception.Reason, exception.Field));
        if (kind == InspectionErrorKind.NotFound)
            Assert.Contains("tiny-semantic/1, tiny-ymasknet/1, tiny-yolov5/1", exception.Message);
    }

    private static InspectionRequest Request(InspectionTask task, params RegionOfInterest[] regions) =>
        new(Image, task) { RegionsOfInterest = regions };

    private static async Task AssertRefused(
        InspectionModel model, InspectionRequest request, InspectionErrorKind kind, string reason, string field)
    {
        InspectionException exception = await Assert.ThrowsAsync<InspectionException>(() => model.InspectAsync(request, CancellationToken.None).AsTask());
        Assert.Equal((kind, reason, field), (exception.Kind, exception.Reason, exception.Field));
    }
}

using System.Buffers.Binary;
using Google.Rpc;

namespace YMaskNet.Server.Tests.Inspection;

/// <summary>Each bad input gets its own status, reason and field, and harms nobody else.</summary>
public sealed class BadInputTests(SharedServer shared)
{
    private const StatusCode Invalid = StatusCode.InvalidArgument;

    private readonly TestServer _server = shared.Server;

    public static TheoryData<string, StatusCode, string, string?> Images => new()
    {
        { "not set", Invalid, "IMAGE_MISSING", "image" },
        { "of no form", Invalid, "IMAGE_MISSING", "image" },
        { "empty", Invalid, "IMAGE_EMPTY", "image.encoded" },
        { "of an unknown format", Invalid, "IMAGE_FORMAT_UNKNOWN", "image.encoded" },
        { "truncated PNG", Invalid, "IMAGE_TRUNCATED", "image.encoded" },
        { "truncated JPEG", Invalid, "IMAGE_TRUNCATED", "image.encoded" },
        { "damaged PNG", Invalid, "IMAGE_DAMAGED", "image.encoded" },
        { "bomb PNG", StatusCode.ResourceExhausted, "IMAGE_TOO_LARGE", "image.encoded" },
        { "raw, empty", Invalid, "IMAGE_EMPTY", "image.raw.data" },
        { "raw, format not set", Invalid, "PIXEL_FORMAT_UNKNOWN", "image.raw.pixel_format" },
        { "raw, format unknown", Invalid, "PIXEL_FORMAT_UNKNOWN", "image.raw.pixel_format" },
        { "raw, one byte short", Invalid, "RAW_SIZE_MISMATCH", "image.raw.data" },
        { "raw, one byte over", Invalid, "RAW_SIZE_MISMATCH", "image.raw.data" },
        { "raw, stride below a row", Invalid, "RAW_STRIDE_TOO_SMALL", "image.raw.stride" },
        { "raw, stride of 4 GB", Invalid, "RAW_SIZE_MISMATCH", "image.raw.data" },
        { "raw, no width", Invalid, "RAW_DIMENSIONS_OUT_OF_RANGE", "image.raw.width" },
        { "raw, no height", Invalid, "RAW_DIMENSIONS_OUT_OF_RANGE", "image.raw.height" },
        { "raw, width of 4 G", StatusCode.ResourceExhausted, "IMAGE_TOO_LARGE", "image.raw.width" },
        { "raw, height of 70,000", StatusCode.ResourceExhausted, "IMAGE_TOO_LARGE", "image.raw.height" },
        { "raw, 11 bits in Mono10", Invalid, "SAMPLE_OUT_OF_RANGE", "image.raw.data" },
        { "raw, 13 bits in Mono12", Invalid, "SAMPLE_OUT_OF_RANGE", "image.raw.data" },
    };

    public static TheoryData<string, StatusCode, string, string?> Rois => new()
    {
        { "x is NaN", Invalid, "ROI_NOT_FINITE", "rois[1].box" },
        { "width is infinite", Invalid, "ROI_NOT_FINITE", "rois[1].box" },
        { "reversed", Invalid, "ROI_REVERSED", "rois[1].box" },
        { "no box", Invalid, "ROI_REVERSED", "rois[1].box" },
        { "outside the image", Invalid, "ROI_OUTSIDE_IMAGE", "rois[1].box" },
        { "class unknown", Invalid, "CLASS_UNKNOWN", "rois[1].class_name" },
    };

    public static TheoryData<string, StatusCode, string, string?> Options => new()
    {
        { "min_score -0.1", Invalid, "MIN_SCORE_OUT_OF_RANGE", "options.min_score" },
        { "min_score 1.1", Invalid, "MIN_SCORE_OUT_OF_RANGE", "options.min_score" },
        { "min_score NaN", Invalid, "MIN_SCORE_OUT_OF_RANGE", "options.min_score" },
        { "nms_iou_threshold NaN", Invalid, "NMS_IOU_THRESHOLD_OUT_OF_RANGE", "options.nms_iou_threshold" },
        { "nms_iou_threshold 2", Invalid, "NMS_IOU_THRESHOLD_OUT_OF_RANGE", "options.nms_iou_threshold" },
        { "max_defects 0", Invalid, "MAX_DEFECTS_OUT_OF_RANGE", "options.max_defects" },
        { "max_defects 41", Invalid, "MAX_DEFECTS_OUT_OF_RANGE", "options.max_defects" },
        { "max_defects 4294967295", Invalid, "MAX_DEFECTS_OUT_OF_RANGE", "options.max_defects" },
    };

    [Theory]
    [MemberData(nameof(Images))]
    public async Task Detect_BadImage_Refused(string image, StatusCode code, string reason, string? field)
    {
        Wire.DetectRequest request = new() { Image = BadImage(image) };

        await CheckAsync(() => _server.Inspection.DetectAsync(request).ResponseAsync, code, reason, field);
    }

    [Theory]
    [MemberData(nameof(Rois))]
    public async Task Segment_BadRoi_Refused(string roi, StatusCode code, string reason, string? field)
    {
        Wire.SegmentRequest request = new() { Image = Boards.Png, Rois = { GoodRoi(), BadRoi(roi) } };

        await CheckAsync(() => _server.Inspection.SegmentAsync(request).ResponseAsync, code, reason, field);
    }

    [Theory]
    [MemberData(nameof(Options))]
    public async Task DetectAndSegment_BadOption_Refused(string option, StatusCode code, string reason, string? field)
    {
        Wire.DetectAndSegmentRequest request = new() { Image = Boards.Png, Options = BadOptions(option) };

        await CheckAsync(() => _server.Inspection.DetectAndSegmentAsync(request).ResponseAsync, code, reason, field);
    }

    [Theory]
    [InlineData("no-such-model", StatusCode.NotFound, "MODEL_NOT_FOUND")]
    [InlineData("tiny-ymasknet/7", StatusCode.NotFound, "MODEL_NOT_FOUND")]
    [InlineData("tiny-ymasknet/one", Invalid, "MODEL_REFERENCE_INVALID")]
    [InlineData("../tiny-ymasknet", Invalid, "MODEL_REFERENCE_INVALID")]
    public async Task Detect_BadModel_Refused(string model, StatusCode code, string reason)
    {
        Wire.DetectRequest request = new() { Image = Boards.Png, Model = model };

        await CheckAsync(() => _server.Inspection.DetectAsync(request).ResponseAsync, code, reason, "model");
    }

    [Theory]
    [InlineData(TestModels.TinySemantic)]
    public async Task Detect_TaskThatTheModelCantDo_FailedPrecondition(string model)
    {
        Wire.DetectRequest request = new() { Image = Boards.Png, Model = model };

        await CheckAsync(
            () => _server.Inspection.DetectAsync(request).ResponseAsync, StatusCode.FailedPrecondition, "TASK_NOT_SUPPORTED", "task");
    }

    [Theory]
    [InlineData(TestModels.TinySemantic)]
    [InlineData(TestModels.TinyYoloV5)]
    public async Task DetectAndSegment_TaskThatTheModelCantDo_FailedPrecondition(string model)
    {
        Wire.DetectAndSegmentRequest request = new() { Image = Boards.Png, Model = model };

        await CheckAsync(
            () => _server.Inspection.DetectAndSegmentAsync(request).ResponseAsync,
            StatusCode.FailedPrecondition,
            "TASK_NOT_SUPPORTED",
            "task");
    }

    [Fact]
    public async Task Segment_RoisWithASemanticModel_FailedPrecondition()
    {
        Wire.SegmentRequest request = new() { Image = Boards.Png, Model = TestModels.TinySemantic, Rois = { GoodRoi() } };

        await CheckAsync(
            () => _server.Inspection.SegmentAsync(request).ResponseAsync, StatusCode.FailedPrecondition, "ROIS_NOT_SUPPORTED", "rois");
    }

    [Fact]
    public async Task Segment_NoRoisWithAnInstanceModel_FailedPrecondition()
    {
        Wire.SegmentRequest request = new() { Image = Boards.Png };

        await CheckAsync(
            () => _server.Inspection.SegmentAsync(request).ResponseAsync, StatusCode.FailedPrecondition, "ROIS_REQUIRED", "rois");
    }

    [Fact]
    public async Task Segment_MoreRoisThanTheModelTakes_Refused()
    {
        Wire.SegmentRequest request = new() { Image = Boards.Png, Rois = { Enumerable.Repeat(GoodRoi(), 41) } };

        await CheckAsync(() => _server.Inspection.SegmentAsync(request).ResponseAsync, Invalid, "ROI_COUNT_OUT_OF_RANGE", "rois");
    }

    [Fact]
    public async Task Segment_UnknownMaskFormat_Refused()
    {
        Wire.SegmentRequest request = new() { Image = Boards.Png, Rois = { GoodRoi() }, MaskFormat = (Wire.MaskFormat)77 };

        await CheckAsync(() => _server.Inspection.SegmentAsync(request).ResponseAsync, Invalid, "MASK_FORMAT_UNKNOWN", "mask_format");
    }

    private async Task CheckAsync(Func<Task> call, StatusCode code, string reason, string? field)
    {
        // A good call is under way while the bad one is refused, and another one comes after it.
        Task<Wire.DetectResponse> beside = _server.Inspection.DetectAsync(new Wire.DetectRequest { Image = Boards.Png }).ResponseAsync;

        Rejection rejection = await Rejection.OfAsync(call);

        Assert.Equal((code, reason, field), (rejection.Code, rejection.Reason, rejection.Field));
        Assert.NotEmpty(rejection.Message);
        if (code == Invalid)
        {
            BadRequest.Types.FieldViolation violation = Assert.Single(rejection.Detail<BadRequest>().FieldViolations);
            Assert.Equal((field, rejection.Message), (violation.Field, violation.Description));
        }

        FoundBlobs.Check((await beside).Defects);
        FoundBlobs.Check((await _server.Inspection.DetectAsync(new Wire.DetectRequest { Image = Boards.Png })).Defects);
    }

    private static Wire.RegionOfInterest GoodRoi() => Roi(6, 14, 12, 12);

    private static Wire.RegionOfInterest Roi(float x, float y, float width, float height) =>
        new() { Box = new Wire.Box { X = x, Y = y, Width = width, Height = height } };

    private static Wire.RegionOfInterest BadRoi(string name) => name switch
    {
        "x is NaN" => Roi(float.NaN, 4, 5, 5),
        "width is infinite" => Roi(1, 4, float.PositiveInfinity, 5),
        "reversed" => Roi(20, 20, -5, 5),
        "no box" => new Wire.RegionOfInterest(),
        "outside the image" => Roi(64, 0, 10, 10),
        "class unknown" => new Wire.RegionOfInterest { Box = GoodRoi().Box, ClassName = "unheard-of" },
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, "There is no such box."),
    };

    private static Wire.DetectionOptions BadOptions(string name) => name switch
    {
        "min_score -0.1" => new() { MinScore = -0.1f },
        "min_score 1.1" => new() { MinScore = 1.1f },
        "min_score NaN" => new() { MinScore = float.NaN },
        "nms_iou_threshold NaN" => new() { NmsIouThreshold = float.NaN },
        "nms_iou_threshold 2" => new() { NmsIouThreshold = 2 },
        "max_defects 0" => new() { MaxDefects = 0 },
        "max_defects 41" => new() { MaxDefects = 41 },
        "max_defects 4294967295" => new() { MaxDefects = uint.MaxValue },
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, "There are no such options."),
    };

    private static Wire.Image? BadImage(string name) => name switch
    {
        "not set" => null,
        "of no form" => new Wire.Image(),
        "empty" => Boards.Encoded([]),
        "of an unknown format" => Boards.Encoded("This is no picture, but a text of some length."u8.ToArray()),
        "truncated PNG" => Boards.Encoded(Boards.PngFile[..80]),
        "truncated JPEG" => Boards.Encoded(TestFile.Read("board.jpg")[..^40]),
        "damaged PNG" => Boards.Encoded(Damaged(Boards.PngFile)),
        "bomb PNG" => Boards.Encoded(Bomb(Boards.PngFile)),
        "raw, empty" => Boards.Raw(Wire.PixelFormat.Mono8, []),
        "raw, format not set" => Boards.Raw(Wire.PixelFormat.Unspecified, new byte[4096]),
        "raw, format unknown" => Boards.Raw((Wire.PixelFormat)0x01080008, new byte[4096]),
        "raw, one byte short" => Boards.Raw(Wire.PixelFormat.Mono8, new byte[4095]),
        "raw, one byte over" => Boards.Raw(Wire.PixelFormat.Mono8, new byte[4097]),
        "raw, stride below a row" => Boards.Raw(Wire.PixelFormat.Mono16, new byte[4096 * 2], stride: 127),
        "raw, stride of 4 GB" => Boards.Raw(Wire.PixelFormat.Mono8, new byte[4096], stride: uint.MaxValue),
        "raw, no width" => Boards.Raw(Wire.PixelFormat.Mono8, new byte[4096], width: 0),
        "raw, no height" => Boards.Raw(Wire.PixelFormat.Mono8, new byte[4096], height: 0),
        "raw, width of 4 G" => Boards.Raw(Wire.PixelFormat.Mono8, new byte[4096], width: uint.MaxValue),
        "raw, height of 70,000" => Boards.Raw(Wire.PixelFormat.Mono8, new byte[4096], height: 70_000),
        "raw, 11 bits in Mono10" => Boards.Raw(Wire.PixelFormat.Mono10, [.. new byte[4096 * 2 - 1], 4]),
        "raw, 13 bits in Mono12" => Boards.Raw(Wire.PixelFormat.Mono12, [.. new byte[4096 * 2 - 1], 16]),
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, "There is no such image."),
    };

    /// <summary>Flips bits inside the compressed pixels.</summary>
    private static byte[] Damaged(byte[] png)
    {
        byte[] damaged = [.. png];
        int pixels = damaged.AsSpan().IndexOf("IDAT"u8) + 4;
        for (int i = pixels + 4; i < pixels + 12; i++)
            damaged[i] ^= 0xff;

        return damaged;
    }

    /// <summary>Declares 60,000 x 60,000 pixels, with a correct checksum.</summary>
    private static byte[] Bomb(byte[] png)
    {
        byte[] bomb = [.. png];
        Span<byte> header = bomb.AsSpan(12, 17);
        BinaryPrimitives.WriteUInt32BigEndian(header[4..], 60_000);
        BinaryPrimitives.WriteUInt32BigEndian(header[8..], 60_000);
        BinaryPrimitives.WriteUInt32BigEndian(bomb.AsSpan(29), Crc32(header));
        return bomb;
    }

    private static uint Crc32(ReadOnlySpan<byte> bytes)
    {
        uint crc = uint.MaxValue;
        foreach (byte value in bytes)
        {
            crc ^= value;
            for (int bit = 0; bit < 8; bit++)
                crc = (crc & 1) != 0 ? (crc >> 1) ^ 0xedb88320 : crc >> 1;
        }

        return ~crc;
    }
}

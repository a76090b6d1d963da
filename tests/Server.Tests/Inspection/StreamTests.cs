namespace YMaskNet.Server.Tests.Inspection;

public sealed class StreamTests(SharedServer shared)
{
    private static readonly Wire.SessionOpening Both = new() { Task = Wire.Task.DetectAndSegment };

    private readonly TestServer _server = shared.Server;

    [Fact]
    public async Task InspectStream_Opening_AnsweredWithModelAndWindow()
    {
        using TestSession session = await TestSession.OpenAsync(_server, Both);

        Wire.GetModelResponse model = await _server.Models.GetModelAsync(new Wire.GetModelRequest());
        Assert.Equal(model.Model.Reference, session.Opened.Model);
        Assert.Equal(2u, session.Opened.MaxFramesInFlight);
    }

    [Fact]
    public async Task InspectStream_ManyFrames_AnsweredInOrderUnderTheirIds()
    {
        using TestSession session = await TestSession.OpenAsync(_server, Both);
        ulong[] ids = [7, 7, 0, ulong.MaxValue, .. Enumerable.Range(100, 36).Select(id => (ulong)id)];

        Task<List<Wire.FrameResult>> receiving = session.ReceiveAllAsync();
        for (int i = 0; i < ids.Length; i++)
            await session.SendFrameAsync(ids[i], i % 2 == 0 ? Boards.Png : BlankBoard());
        await session.EndAsync();
        List<Wire.FrameResult> results = await receiving;

        Assert.Equal(ids, results.Select(result => result.FrameId));
        for (int i = 0; i < ids.Length; i++)
            Assert.Equal(i % 2 == 0 ? Wire.Verdict.Fail : Wire.Verdict.Pass, results[i].Verdict);
    }

    [Fact]
    public async Task InspectStream_Frame_SameAnswerAsTheUnaryCall()
    {
        Wire.DetectAndSegmentResponse unary = await _server.Inspection.DetectAndSegmentAsync(
            new Wire.DetectAndSegmentRequest { Image = Boards.Png, MaskFormat = Wire.MaskFormat.Polygon });
        using TestSession session = await TestSession.OpenAsync(
            _server, new Wire.SessionOpening { Task = Wire.Task.DetectAndSegment, MaskFormat = Wire.MaskFormat.Polygon });

        await session.SendFrameAsync(1, Boards.Png);
        Wire.FrameResult result = await session.ReceiveResultAsync();

        Assert.Equal(unary.Defects, result.Defects);
        Assert.Equal(unary.ImageSize, result.ImageSize);
        Assert.Equal("CPUExecutionProvider", result.Execution.ExecutionProvider);
        Assert.Equal("cpu", result.Execution.Device);
        Assert.True(result.Execution.Times.TotalMs > 0);
        Assert.Null(result.Error);
    }

    [Fact]
    public async Task InspectStream_DetectWithOptions_FiltersEachFrame()
    {
        using TestSession session = await TestSession.OpenAsync(
            _server,
            new Wire.SessionOpening { Task = Wire.Task.Detect, Options = new Wire.DetectionOptions { MaxDefects = 1 } });

        await session.SendFrameAsync(1, Boards.Png);
        Wire.FrameResult result = await session.ReceiveResultAsync();

        Assert.Null(Assert.Single(result.Defects).Mask);
    }

    [Fact]
    public async Task InspectStream_SegmentWithRois_OneInstanceForEach()
    {
        using TestSession session = await TestSession.OpenAsync(_server, new Wire.SessionOpening { Task = Wire.Task.Segment });
        Wire.RegionOfInterest roi = new() { Box = new Wire.Box { X = 38, Y = 30, Width = 12, Height = 12 } };

        await session.SendFrameAsync(1, Boards.Png, roi, roi);
        await session.SendFrameAsync(2, Boards.Png);
        Wire.FrameResult outlined = await session.ReceiveResultAsync();
        Wire.FrameResult refused = await session.ReceiveResultAsync();

        Assert.Equal(["bright", "bright"], outlined.Defects.Select(defect => defect.ClassName));
        Assert.Equal((Wire.Verdict.Error, "ROIS_REQUIRED"), (refused.Verdict, refused.Error.Reason));
    }

    [Fact]
    public async Task InspectStream_SemanticModel_Regions()
    {
        using TestSession session = await TestSession.OpenAsync(
            _server, new Wire.SessionOpening { Task = Wire.Task.Segment, Model = TestModels.TinySemantic });

        await session.SendFrameAsync(1, Boards.Png);
        await session.SendFrameAsync(2, BlankBoard());
        Wire.FrameResult blobs = await session.ReceiveResultAsync();
        Wire.FrameResult blank = await session.ReceiveResultAsync();

        Assert.Equal((Wire.Verdict.Fail, 2), (blobs.Verdict, blobs.Regions.Count));
        Assert.Equal((Wire.Verdict.Pass, 0), (blank.Verdict, blank.Regions.Count));
    }

    [Fact]
    public async Task InspectStream_BadFrames_EachItsOwnErrorAndTheSessionGoesOn()
    {
        using TestSession session = await TestSession.OpenAsync(_server, Both);

        Task<List<Wire.FrameResult>> receiving = session.ReceiveAllAsync();
        await session.SendFrameAsync(1, Boards.Png);
        await session.SendFrameAsync(2, Boards.Encoded(Boards.PngFile[..80]));
        await session.SendFrameAsync(3, null);
        await session.SendFrameAsync(4, Boards.Raw(Wire.PixelFormat.Mono8, new byte[4095]));
        await session.SendFrameAsync(5, Boards.Raw(Wire.PixelFormat.Mono8, new byte[4096], width: 1_000_000));
        await session.SendFrameAsync(6, Boards.Png, new Wire.RegionOfInterest { Box = new Wire.Box { Width = 1, Height = 1 } });
        await session.SendFrameAsync(7, Boards.Png);
        await session.EndAsync();
        List<Wire.FrameResult> results = await receiving;

        Assert.Equal([1ul, 2, 3, 4, 5, 6, 7], results.Select(result => result.FrameId));
        FoundBlobs.Check(results[0].Defects);
        CheckError(results[1], StatusCode.InvalidArgument, "IMAGE_TRUNCATED", "image.encoded");
        CheckError(results[2], StatusCode.InvalidArgument, "IMAGE_MISSING", "image");
        CheckError(results[3], StatusCode.InvalidArgument, "RAW_SIZE_MISMATCH", "image.raw.data");
        CheckError(results[4], StatusCode.ResourceExhausted, "IMAGE_TOO_LARGE", "image.raw.width");
        CheckError(results[5], StatusCode.FailedPrecondition, "ROIS_NOT_SUPPORTED", "rois");
        FoundBlobs.Check(results[6].Defects);
    }

    [Fact]
    public async Task InspectStream_CallerEndsItsSideAtOnce_NothingButTheOpening()
    {
        using TestSession session = await TestSession.OpenAsync(_server, Both);

        await session.EndAsync();

        Assert.Null(await session.ReceiveAsync());
    }

    public static TheoryData<string, StatusCode, string, string?> Openings => new()
    {
        { "nothing at all", StatusCode.InvalidArgument, "OPENING_MISSING", "opening" },
        { "an empty message", StatusCode.InvalidArgument, "OPENING_MISSING", "opening" },
        { "a frame", StatusCode.InvalidArgument, "OPENING_MISSING", "opening" },
        { "no task", StatusCode.InvalidArgument, "TASK_UNSPECIFIED", "opening.task" },
        { "an unknown task", StatusCode.InvalidArgument, "TASK_UNSPECIFIED", "opening.task" },
        { "an unknown model", StatusCode.NotFound, "MODEL_NOT_FOUND", "opening.model" },
        { "a task that the model can't do", StatusCode.FailedPrecondition, "TASK_NOT_SUPPORTED", "opening.task" },
        { "a threshold out of range", StatusCode.InvalidArgument, "MIN_SCORE_OUT_OF_RANGE", "opening.options.min_score" },
        { "options for TASK_SEGMENT", StatusCode.InvalidArgument, "OPTIONS_NOT_SUPPORTED", "opening.options" },
        { "an unknown mask format", StatusCode.InvalidArgument, "MASK_FORMAT_UNKNOWN", "opening.mask_format" },
    };

    [Theory]
    [MemberData(nameof(Openings))]
    public async Task InspectStream_BadOpening_EndsTheSession(string opening, StatusCode code, string reason, string? field)
    {
        using TestSession session = TestSession.Start(_server);

        if (BadOpening(opening) is { } message)
            await session.SendAsync(message);
        else
            await session.EndAsync();
        Rejection rejection = await Rejection.OfAsync(session.ReceiveAsync);

        Assert.Equal((code, reason, field), (rejection.Code, rejection.Reason, rejection.Field));
    }

    [Theory]
    [InlineData(false, "OPENING_REPEATED", "opening")]
    [InlineData(true, "MESSAGE_EMPTY", "frame")]
    public async Task InspectStream_NoFrameAfterTheOpening_EarlierFramesAnsweredThenTheSessionEnds(
        bool empty, string reason, string field)
    {
        using TestSession session = await TestSession.OpenAsync(_server, Both);

        await session.SendFrameAsync(1, Boards.Png);
        await session.SendFrameAsync(2, Boards.Png);
        await session.SendAsync(empty ? new Wire.InspectStreamRequest() : new Wire.InspectStreamRequest { Opening = Both });
        Wire.FrameResult first = await session.ReceiveResultAsync();
        Wire.FrameResult second = await session.ReceiveResultAsync();
        Rejection rejection = await Rejection.OfAsync(session.ReceiveAsync);

        Assert.Equal((1ul, 2ul), (first.FrameId, second.FrameId));
        Assert.Equal((StatusCode.InvalidArgument, reason, field), (rejection.Code, rejection.Reason, rejection.Field));
    }

    [Fact]
    public async Task InspectStream_CallerCancels_EndsAndTheServerGoesOn()
    {
        using CancellationTokenSource cancel = new();
        using TestSession session = await TestSession.OpenAsync(
            _server, new Wire.SessionOpening { Task = Wire.Task.Detect, Model = TestModels.TinySlow }, cancellationToken: cancel.Token);
        await session.SendFrameAsync(1, Boards.Png);
        await session.SendFrameAsync(2, Boards.Png);

        await cancel.CancelAsync();
        Rejection rejection = await Rejection.OfAsync(() => session.ReceiveAllAsync());

        Assert.Equal(StatusCode.Cancelled, rejection.Code);
        FoundBlobs.Check((await _server.Inspection.DetectAsync(new Wire.DetectRequest { Image = Boards.Png })).Defects);
    }

    [Fact]
    public async Task InspectStream_DeadlineBeforeTheOpening_DeadlineExceeded()
    {
        using TestSession session = TestSession.Start(_server, deadline: DateTime.UtcNow.AddSeconds(1));

        Rejection rejection = await Rejection.OfAsync(session.ReceiveAsync);

        Assert.Equal(StatusCode.DeadlineExceeded, rejection.Code);
    }

    [Fact]
    public async Task InspectStream_SideBySide_EachItsOwnAnswers()
    {
        Task<List<Wire.FrameResult>>[] sessions = [.. Enumerable.Range(0, 6).Select(number => Task.Run(async () =>
        {
            using TestSession session = await TestSession.OpenAsync(_server, Both);
            Task<List<Wire.FrameResult>> receiving = session.ReceiveAllAsync();
            for (ulong frame = 0; frame < 8; frame++)
                await session.SendFrameAsync(((ulong)number * 100) + frame, Boards.Png);
            await session.EndAsync();
            return await receiving;
        }))];

        List<Wire.FrameResult>[] results = await Task.WhenAll(sessions);

        for (int number = 0; number < results.Length; number++)
        {
            Assert.Equal(Enumerable.Range(number * 100, 8).Select(id => (ulong)id), results[number].Select(result => result.FrameId));
            Assert.All(results[number], result => FoundBlobs.Check(result.Defects));
        }
    }

    private static Wire.Image BlankBoard() => Boards.Raw(Wire.PixelFormat.Mono8, new byte[64 * 64]);

    private static void CheckError(Wire.FrameResult result, StatusCode code, string reason, string field)
    {
        Assert.Equal(Wire.Verdict.Error, result.Verdict);
        Assert.Equal((code, reason, field), ((StatusCode)result.Error.Code, result.Error.Reason, result.Error.Metadata["field"]));
        Assert.NotEmpty(result.Error.Message);
        Assert.Empty(result.Defects);
        Assert.Null(result.ImageSize);
        Assert.Null(result.Execution);
    }

    private static Wire.InspectStreamRequest? BadOpening(string name)
    {
        Wire.SessionOpening? opening = name switch
        {
            "no task" => new(),
            "an unknown task" => new() { Task = (Wire.Task)99 },
            "an unknown model" => new() { Task = Wire.Task.Detect, Model = "no-such-model" },
            "a task that the model can't do" => new() { Task = Wire.Task.Detect, Model = TestModels.TinySemantic },
            "a threshold out of range" => new() { Task = Wire.Task.Detect, Options = new() { MinScore = 2 } },
            "options for TASK_SEGMENT" => new() { Task = Wire.Task.Segment, Options = new() { MinScore = 0.5f } },
            "an unknown mask format" => new() { Task = Wire.Task.Detect, MaskFormat = (Wire.MaskFormat)99 },
            _ => null,
        };

        return name switch
        {
            "nothing at all" => null,
            "an empty message" => new Wire.InspectStreamRequest(),
            "a frame" => new Wire.InspectStreamRequest { Frame = new Wire.Frame { Image = Boards.Png } },
            _ => new Wire.InspectStreamRequest
            {
                Opening = opening ?? throw new ArgumentOutOfRangeException(nameof(name), name, "There is no such opening."),
            },
        };
    }
}

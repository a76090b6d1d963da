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
        Assert.Equal(8u, session.Opened.MaxFramesInFlight);
        Assert.InRange(session.Opened.ServerTime.ToDateTime(), DateTime.UtcNow.AddMinutes(-5), DateTime.UtcNow.AddMinutes(5));
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
        { "an unknown policy", StatusCode.InvalidArgument, "FRAME_POLICY_UNKNOWN", "opening.frame_policy" },
        { "an unknown priority", StatusCode.InvalidArgument, "PRIORITY_UNKNOWN", "opening.priority" },
        { "no frames in flight", StatusCode.InvalidArgument, "MAX_FRAMES_IN_FLIGHT_OUT_OF_RANGE", "opening.max_frames_in_flight" },
        { "a recipe of an unknown class", StatusCode.InvalidArgument, "CLASS_UNKNOWN", "opening.recipe.class_rules" },
        { "a recipe with two rules for a class", StatusCode.InvalidArgument, "CLASS_RULE_REPEATED", "opening.recipe.class_rules[1].class_name" },
        { "a recipe without a rule", StatusCode.InvalidArgument, "CLASS_RULE_MISSING", "opening.recipe.class_rules[0].rule" },
        { "an area without a pixel's size", StatusCode.InvalidArgument, "PIXEL_SIZE_MISSING", "opening.recipe.millimetres_per_pixel" },
        { "a pixel without size", StatusCode.InvalidArgument, "PIXEL_SIZE_OUT_OF_RANGE", "opening.recipe.millimetres_per_pixel" },
        { "a recipe's score out of range", StatusCode.InvalidArgument, "MIN_SCORE_OUT_OF_RANGE", "opening.recipe.default_rule.min_score" },
        { "a score for regions", StatusCode.InvalidArgument, "MIN_SCORE_NOT_SUPPORTED", "opening.recipe.default_rule.min_score" },
        { "a negative area", StatusCode.InvalidArgument, "MIN_AREA_OUT_OF_RANGE", "opening.recipe.default_rule.min_area" },
        { "an ignored area without extent", StatusCode.InvalidArgument, "IGNORED_AREA_OUT_OF_RANGE", "opening.recipe.ignored_areas[0]" },
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

    [Fact]
    public async Task InspectStream_RecipeInMillimetres_JudgesByTheMasksArea()
    {
        // The blobs' masks have about 64 pixels each, that is about 0.64 mm² at 0.1 mm a pixel.
        foreach ((double area, Wire.Verdict verdict) in new[] { (0.3, Wire.Verdict.Fail), (1.5, Wire.Verdict.Pass) })
        {
            using TestSession session = await TestSession.OpenAsync(_server, new Wire.SessionOpening
            {
                Task = Wire.Task.DetectAndSegment,
                Recipe = new Wire.Recipe { DefaultRule = new Wire.ClassRule { MinAreaMm2 = area }, MillimetresPerPixel = 0.1 },
            });
            await session.SendFrameAsync(1, Boards.Png);

            Wire.FrameResult result = await session.ReceiveResultAsync();

            Assert.Equal(verdict, result.Verdict);
            Assert.NotEmpty(result.Defects);
        }
    }

    [Fact]
    public async Task InspectStream_RecipeIgnoresOneBlobsArea_OnlyTheOtherRejects()
    {
        using TestSession session = await TestSession.OpenAsync(_server, new Wire.SessionOpening
        {
            Task = Wire.Task.Detect,
            Recipe = new Wire.Recipe { IgnoredAreas = { new Wire.Box { X = 0, Y = 8, Width = 24, Height = 24 } } },
        });
        await session.SendFrameAsync(1, Boards.Png);

        Wire.FrameResult result = await session.ReceiveResultAsync();

        Assert.Equal(Wire.Verdict.Fail, result.Verdict);
        Assert.NotEmpty(result.Rejecting);
        Assert.True(result.Rejecting.Count < result.Defects.Count, "One blob lies in the ignored area.");
        Assert.All(result.Rejecting, place => Assert.Equal("bright", result.Defects[(int)place].ClassName));
    }

    [Theory]
    [InlineData(Wire.FramePolicy.DropOldest)]
    [InlineData(Wire.FramePolicy.LatestOnly)]
    public async Task InspectStream_FasterThanTheModelUnderADroppingPolicy_EveryFrameIsAnsweredOnceInOrder(Wire.FramePolicy policy)
    {
        const int Frames = 60;
        using TestSession session = await TestSession.OpenAsync(
            _server, new Wire.SessionOpening { Task = Wire.Task.Detect, Model = TestModels.TinySlow, FramePolicy = policy });
        Task<List<Wire.FrameResult>> receiving = session.ReceiveAllAsync();
        for (ulong frame = 0; frame < Frames; frame++)
            await session.SendFrameAsync(frame, Boards.Mono8);
        await session.EndAsync();

        List<Wire.FrameResult> results = await receiving;

        Assert.Equal(Enumerable.Range(0, Frames).Select(id => (ulong)id), results.Select(result => result.FrameId));
        Assert.Contains(results, result => result.Verdict == Wire.Verdict.Dropped);
        Assert.True(results[^1].Verdict is Wire.Verdict.Fail or Wire.Verdict.Pass, "The newest frame is never dropped.");
        Assert.All(results, result => Assert.True(result.Verdict is Wire.Verdict.Fail or Wire.Verdict.Pass or Wire.Verdict.Dropped, $"{result}"));
    }

    [Fact]
    public async Task InspectStream_TimeLimitOfZero_Late()
    {
        using TestSession session = await TestSession.OpenAsync(_server, Both);
        await session.SendAsync(new Wire.InspectStreamRequest
        {
            Frame = new Wire.Frame { FrameId = 5, Image = Boards.Png, TimeLimit = new Google.Protobuf.WellKnownTypes.Duration() },
        });

        Wire.FrameResult result = await session.ReceiveResultAsync();

        Assert.Equal((5ul, Wire.Verdict.Late, null), (result.FrameId, result.Verdict, result.Error));
        Assert.Empty(result.Defects);
    }

    private static Wire.SessionOpening WithRecipe(Wire.Recipe recipe) => new() { Task = Wire.Task.DetectAndSegment, Recipe = recipe };

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
            "an unknown policy" => new() { Task = Wire.Task.Detect, FramePolicy = (Wire.FramePolicy)99 },
            "an unknown priority" => new() { Task = Wire.Task.Detect, Priority = (Wire.Priority)99 },
            "no frames in flight" => new() { Task = Wire.Task.Detect, MaxFramesInFlight = 0 },
            "a recipe of an unknown class" => WithRecipe(new() { ClassRules = { new Wire.NamedClassRule { ClassName = "rust", Rule = new() } } }),
            "a recipe with two rules for a class" => WithRecipe(new()
            {
                ClassRules =
                {
                    new Wire.NamedClassRule { ClassName = "dull", Rule = new() },
                    new Wire.NamedClassRule { ClassName = "dull", Rule = new() },
                },
            }),
            "a recipe without a rule" => WithRecipe(new() { ClassRules = { new Wire.NamedClassRule { ClassName = "dull" } } }),
            "an area without a pixel's size" => WithRecipe(new() { DefaultRule = new() { MinAreaMm2 = 1 } }),
            "a pixel without size" => WithRecipe(new() { MillimetresPerPixel = 0 }),
            "a recipe's score out of range" => WithRecipe(new() { DefaultRule = new() { MinScore = float.NaN } }),
            "a score for regions" => new()
            {
                Task = Wire.Task.Segment,
                Model = TestModels.TinySemantic,
                Recipe = new() { DefaultRule = new() { MinScore = 0.5f } },
            },
            "a negative area" => WithRecipe(new() { DefaultRule = new() { MinAreaPixels = -1 } }),
            "an ignored area without extent" => WithRecipe(new() { IgnoredAreas = { new Wire.Box { Width = 1 } } }),
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

using Google.Protobuf;
using Google.Rpc;
using YMaskNet.Imaging;

namespace YMaskNet.Server.Tests.WholeBoards;

public sealed class BoardErrorTests(BoardServer boards) : IClassFixture<BoardServer>
{
    private const int Side = 200;

    private static readonly Wire.BoardOpening Both = new() { Task = Wire.Task.DetectAndSegment };
    private static readonly Wire.BoardOpening RawBoth = SentBoard.Raw(Both, Side, Side);

    private readonly TestServer _server = boards.Server;

    public static TheoryData<string, Wire.BoardOpening, StatusCode, string, string> Openings => new()
    {
        { "no task", Change(opening => opening.Task = Wire.Task.Unspecified), StatusCode.InvalidArgument, "TASK_UNSPECIFIED", "opening.task" },
        { "an unknown model", Change(opening => opening.Model = "none"), StatusCode.NotFound, "MODEL_NOT_FOUND", "opening.model" },
        { "boxes", Change(opening => opening.Task = Wire.Task.Segment), StatusCode.FailedPrecondition, "TASK_NOT_SUPPORTED", "opening.task" },
        { "a task that the model can't do", Change(opening => opening.Model = TestModels.TinyYoloV5), StatusCode.FailedPrecondition, "TASK_NOT_SUPPORTED", "opening.task" },
        { "detection with a semantic model", Change(opening => opening.Model = TestModels.TinyTexture), StatusCode.FailedPrecondition, "TASK_NOT_SUPPORTED", "opening.task" },
        { "a threshold out of range", Change(opening => opening.Options = new() { MinScore = 2 }), StatusCode.InvalidArgument, "MIN_SCORE_OUT_OF_RANGE", "opening.options.min_score" },
        { "too many defects", Change(opening => opening.Options = new() { MaxDefects = uint.MaxValue }), StatusCode.InvalidArgument, "MAX_DEFECTS_OUT_OF_RANGE", "opening.options.max_defects" },
        { "an unknown mask format", Change(opening => opening.MaskFormat = (Wire.MaskFormat)99), StatusCode.InvalidArgument, "MASK_FORMAT_UNKNOWN", "opening.mask_format" },
        { "an overlap of half a tile", Change(opening => opening.Overlap = 32), StatusCode.InvalidArgument, "OVERLAP_OUT_OF_RANGE", "opening.overlap" },
        { "an overlap beyond all", Change(opening => opening.Overlap = uint.MaxValue), StatusCode.InvalidArgument, "OVERLAP_OUT_OF_RANGE", "opening.overlap" },
        { "no form", Both, StatusCode.InvalidArgument, "IMAGE_MISSING", "opening.form" },
        { "no pixel format", Change(opening => opening.Raw.PixelFormat = 0), StatusCode.InvalidArgument, "PIXEL_FORMAT_UNKNOWN", "opening.raw.pixel_format" },
        { "no width", Change(opening => opening.Raw.Width = 0), StatusCode.InvalidArgument, "RAW_DIMENSIONS_OUT_OF_RANGE", "opening.raw.width" },
        { "too wide", Change(opening => opening.Raw.Width = 5001), StatusCode.ResourceExhausted, "IMAGE_TOO_LARGE", "opening.raw.width" },
        { "too high", Change(opening => opening.Raw.Height = uint.MaxValue), StatusCode.ResourceExhausted, "IMAGE_TOO_LARGE", "opening.raw.height" },
        { "a file without length", Change(opening => opening.Encoded = new()), StatusCode.InvalidArgument, "FILE_SIZE_MISSING", "opening.encoded.size_bytes" },
        { "too large a file", Change(opening => opening.Encoded = new() { SizeBytes = 100_001 }), StatusCode.ResourceExhausted, "FILE_TOO_LARGE", "opening.encoded.size_bytes" },
        {
            "options for TASK_SEGMENT",
            Change(opening => (opening.Task, opening.Model, opening.Options) = (Wire.Task.Segment, TestModels.TinyTexture, new() { MinScore = 0.5f })),
            StatusCode.InvalidArgument,
            "OPTIONS_NOT_SUPPORTED",
            "opening.options"
        },
        {
            "an overlap for TASK_SEGMENT",
            Change(opening => (opening.Task, opening.Model, opening.Overlap) = (Wire.Task.Segment, TestModels.TinyTexture, 24)),
            StatusCode.InvalidArgument,
            "OVERLAP_OUT_OF_RANGE",
            "opening.overlap"
        },
        {
            "a semantic model that knows no halo",
            Change(opening => (opening.Task, opening.Model) = (Wire.Task.Segment, TestModels.TinySemantic + "/1")),
            StatusCode.FailedPrecondition,
            "TILING_NOT_SUPPORTED",
            "opening.model"
        },
    };

    [Theory]
    [MemberData(nameof(Openings))]
    public async Task InspectBoard_BadOpening_RefusedWhileTheCallerStillSends(
        string what, Wire.BoardOpening opening, StatusCode code, string reason, string field)
    {
        using SentBoard board = SentBoard.Start(_server);

        await board.OpenAsync(opening);
        Rejection rejection = await Rejection.OfAsync(board.AnswerAsync);

        Assert.Equal((what, code, reason, field), (what, rejection.Code, rejection.Reason, rejection.Field));
    }

    public static TheoryData<string, Wire.InspectBoardRequest[], string, string> BadMessages => new()
    {
        { "nothing at all", [], "OPENING_MISSING", "opening" },
        { "an empty message first", [new()], "OPENING_MISSING", "opening" },
        { "rows first", [Rows(Side)], "OPENING_MISSING", "opening" },
        { "a second opening", [Open(RawBoth), Rows(Side), Open(RawBoth)], "OPENING_REPEATED", "opening" },
        { "an empty message", [Open(RawBoth), new()], "MESSAGE_EMPTY", "rows" },
        { "no rows in a strip", [Open(RawBoth), Rows(0)], "MESSAGE_EMPTY", "rows" },
        { "half a row", [Open(RawBoth), Rows((Side * 3) - 1)], "STRIP_NOT_WHOLE_ROWS", "rows" },
        { "a row too many", [Open(RawBoth), Rows(Side * 150), Rows(Side * 51)], "ROWS_EXCESS", "rows" },
        { "a row missing", [Open(RawBoth), Rows(Side * 199)], "ROWS_MISSING", "rows" },
        { "no rows at all", [Open(RawBoth)], "ROWS_MISSING", "rows" },
        { "a file for a raw board", [Open(RawBoth), Piece(10)], "BOARD_FORM_MISMATCH", "file_piece" },
        { "rows for a file", [Open(Encoded(10)), Rows(10)], "BOARD_FORM_MISMATCH", "rows" },
        { "an empty piece", [Open(Encoded(10)), Piece(0)], "MESSAGE_EMPTY", "file_piece" },
        { "too long a file", [Open(Encoded(10)), Piece(6), Piece(5)], "FILE_SIZE_MISMATCH", "file_piece" },
        { "too short a file", [Open(Encoded(10)), Piece(9)], "FILE_SIZE_MISMATCH", "file_piece" },
        { "no image file", [Open(Encoded(10)), Piece(10)], "IMAGE_FORMAT_UNKNOWN", "file_piece" },
        { "half an image file", [Open(Encoded(80)), new() { FilePiece = ByteString.CopyFrom(Boards.PngFile, 0, 80) }], "IMAGE_TRUNCATED", "file_piece" },
    };

    [Theory]
    [MemberData(nameof(BadMessages))]
    public async Task InspectBoard_BadMessages_InvalidArgument(string what, Wire.InspectBoardRequest[] messages, string reason, string field)
    {
        using SentBoard board = SentBoard.Start(_server);

        foreach (Wire.InspectBoardRequest message in messages)
            await board.SendAsync(message);
        Rejection rejection = await Rejection.OfAsync(board.EndAsync);

        Assert.Equal((what, StatusCode.InvalidArgument, reason, field), (what, rejection.Code, rejection.Reason, rejection.Field));
        Assert.Equal(field, Assert.Single(rejection.Detail<BadRequest>().FieldViolations).Field);
    }

    [Fact]
    public async Task InspectBoard_SampleAboveItsRange_NamesItsPlace()
    {
        using SentBoard board = SentBoard.Start(_server);
        byte[] row = new byte[Side * 2];
        row[^1] = 0x80;

        await board.OpenAsync(SentBoard.Raw(Both, Side, Side, Wire.PixelFormat.Mono12));
        await board.SendRowsAsync(new byte[Side * 2 * 7]);
        await board.SendRowsAsync(row);
        Rejection rejection = await Rejection.OfAsync(board.AnswerAsync);

        Assert.Equal((StatusCode.InvalidArgument, "SAMPLE_OUT_OF_RANGE", "rows"), (rejection.Code, rejection.Reason, rejection.Field));
        Assert.Contains("(199, 7)", rejection.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task InspectBoard_FileOfTooLargeABoard_Refused()
    {
        byte[] file = PngEncoder.EncodeGray8(new byte[5001 * 4], 5001, 4);

        Rejection rejection = await Rejection.OfAsync(() => SentBoard.InspectFileAsync(_server, Both, file, pieceBytes: 1000));

        Assert.Equal((StatusCode.ResourceExhausted, "IMAGE_TOO_LARGE", "file_piece"), (rejection.Code, rejection.Reason, rejection.Field));
    }

    [Fact]
    public async Task InspectBoard_FileWithSemanticModelWithoutHalo_NamesTheModel()
    {
        Wire.BoardOpening opening = new() { Task = Wire.Task.Segment, Model = TestModels.TinySemantic + "/1" };

        Rejection rejection = await Rejection.OfAsync(
            () => SentBoard.InspectFileAsync(_server, opening, PngEncoder.EncodeGray8(new byte[100 * 70], 100, 70), pieceBytes: 1000));

        Assert.Equal((StatusCode.FailedPrecondition, "TILING_NOT_SUPPORTED", "opening.model"), (rejection.Code, rejection.Reason, rejection.Field));
    }

    [Fact]
    public async Task InspectBoard_AnswerAboveTheLimit_Refused()
    {
        await using TestServer server = await TestServer.StartAsync("--max-response-bytes", "4096");
        BlobBoard board = new(1024, 1024);
        for (int i = 0; i < 400; i++)
            board.Fill(48 * (i % 20), 48 * (i / 20), 8, 8, BlobBoard.Bright);

        Rejection rejection = await Rejection.OfAsync(() => SentBoard.InspectAsync(server, Both, board, rowsInStrip: 64));

        Assert.Equal((StatusCode.ResourceExhausted, "MESSAGE_TOO_LARGE"), (rejection.Code, rejection.Reason));
    }

    [Fact]
    public async Task InspectBoard_AllPlacesTaken_RefusedUntilOneIsFree()
    {
        await using TestServer server = await TestServer.StartAsync("--max-boards", "1");
        using CancellationTokenSource cancel = new();
        using SentBoard first = SentBoard.Start(server, cancel.Token);
        await first.OpenAsync(RawBoth);
        await WaitForAsync(server, eventId: 1200);

        Rejection full = await Rejection.OfAsync(() => SentBoard.InspectAsync(server, Both, new BlobBoard(Side, Side), rowsInStrip: 50));
        await cancel.CancelAsync();
        Rejection cancelled = await Rejection.OfAsync(first.AnswerAsync);
        Wire.InspectBoardResponse answer = await WhenFreeAsync(server, Both);

        Assert.Equal((StatusCode.ResourceExhausted, "BOARDS_FULL"), (full.Code, full.Reason));
        Assert.NotNull(full.Detail<RetryInfo>().RetryDelay);
        Assert.Equal(StatusCode.Cancelled, cancelled.Code);
        FoundBlobs.Check(answer.Defects);
    }

    [Fact]
    public async Task InspectBoard_CallerCancelsWhileTilesWait_EndsAndTheServerGoesOn()
    {
        await using TestServer server = await TestServer.StartAsync(models => TestModels.WriteSlow(models), "--max-boards", "1");
        using CancellationTokenSource cancel = new();
        using SentBoard board = SentBoard.Start(server, cancel.Token);
        await board.OpenAsync(SentBoard.Raw(new Wire.BoardOpening { Task = Wire.Task.Detect }, 640, 640));
        await board.SendRowsAsync(new byte[640 * 640]);
        await WaitForAsync(server, eventId: 1200);

        await cancel.CancelAsync();
        Rejection rejection = await Rejection.OfAsync(board.AnswerAsync);
        Wire.InspectBoardResponse next = await WhenFreeAsync(server, new Wire.BoardOpening { Task = Wire.Task.Detect });
        Wire.DetectResponse image = await server.Inspection.DetectAsync(new Wire.DetectRequest { Image = Boards.Png });

        Assert.Equal(StatusCode.Cancelled, rejection.Code);
        FoundBlobs.Check(next.Defects);
        FoundBlobs.Check(image.Defects);
        Assert.DoesNotContain(server.Log.Entries, entry => entry.Level >= Microsoft.Extensions.Logging.LogLevel.Warning);
    }

    [Fact]
    public async Task StopAsync_BoardsInHand_SentOnesAnsweredOthersRefused()
    {
        await using TestServer server = await TestServer.StartAsync(models => TestModels.WriteSlow(models));
        Wire.BoardOpening detect = new() { Task = Wire.Task.Detect };
        using SentBoard half = SentBoard.Start(server);
        await half.OpenAsync(SentBoard.Raw(detect, 112, 112));
        await half.SendRowsAsync(new byte[112 * 50]);
        BlobBoard blobs = new BlobBoard(112, 112).Fill(24, 24, 8, 8, BlobBoard.Bright);
        Task<Wire.InspectBoardResponse> sent = SentBoard.InspectAsync(server, detect, blobs, rowsInStrip: 112);
        await WaitForAsync(server, eventId: 1200, count: 2);
        await WaitForAsync(server, eventId: 1201);

        Task stopping = server.StopAsync();
        Rejection unfinished = await Rejection.OfAsync(half.AnswerAsync);
        Wire.InspectBoardResponse answer = await sent;
        await stopping.WaitAsync(TimeSpan.FromSeconds(20));

        Assert.Equal((StatusCode.Unavailable, "SERVER_STOPPING"), (unfinished.Code, unfinished.Reason));
        Assert.NotEmpty(answer.Defects);
    }

    [Fact]
    public async Task InspectBoard_CallerSendsNothingMore_LosesItsPlace()
    {
        await using TestServer server = await TestServer.StartAsync("--board-idle-seconds", "1", "--max-boards", "1");
        using SentBoard idle = SentBoard.Start(server);
        await idle.OpenAsync(SentBoard.Raw(RawBoth, 64, 64));
        await idle.SendRowsAsync(new byte[64 * 10]);

        Rejection rejection = await Rejection.OfAsync(idle.AnswerAsync);
        Wire.InspectBoardResponse next = await WhenFreeAsync(server, RawBoth);

        Assert.Equal((StatusCode.DeadlineExceeded, "BOARD_IDLE"), (rejection.Code, rejection.Reason));
        Assert.NotEmpty(next.Defects);
    }

    /// <summary>Inspects a board of two blobs as soon as the server has a place for it.</summary>
    private static async Task<Wire.InspectBoardResponse> WhenFreeAsync(TestServer server, Wire.BoardOpening opening)
    {
        for (DateTime patience = DateTime.UtcNow.AddSeconds(30); ; await Task.Delay(10))
        {
            try
            {
                return await SentBoard.InspectAsync(server, opening, BlobBoard.TwoBlobs(), rowsInStrip: 50);
            }
            catch (RpcException error) when (Rejection.Of(error).Reason == "BOARDS_FULL" && DateTime.UtcNow < patience)
            {
                continue;
            }
        }
    }

    private static async Task WaitForAsync(TestServer server, int eventId, int count = 1)
    {
        DateTime patience = DateTime.UtcNow.AddSeconds(30);
        while (server.Log.Entries.Count(entry => entry.EventId == eventId) < count)
        {
            Assert.True(DateTime.UtcNow < patience, $"The server did not log {count} events {eventId}.");
            await Task.Delay(10);
        }
    }

    private static Wire.BoardOpening Change(Action<Wire.BoardOpening> change)
    {
        Wire.BoardOpening opening = RawBoth.Clone();
        change(opening);
        return opening;
    }

    private static Wire.BoardOpening Encoded(ulong size) => Change(opening => opening.Encoded = new Wire.EncodedBoard { SizeBytes = size });

    private static Wire.InspectBoardRequest Open(Wire.BoardOpening opening) => new() { Opening = opening };

    private static Wire.InspectBoardRequest Rows(int bytes) => new() { Rows = ByteString.CopyFrom(new byte[bytes]) };

    private static Wire.InspectBoardRequest Piece(int bytes) => new() { FilePiece = ByteString.CopyFrom(new byte[bytes]) };
}

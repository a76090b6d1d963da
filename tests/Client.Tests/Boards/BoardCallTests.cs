using Grpc.Core;
using YMaskNet.Client.Tests.Support;
using YMaskNet.Client.Tests.Tool;
using YMaskNet.V1;

namespace YMaskNet.Client.Tests.Boards;

public sealed class BoardCallTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly BoardOptions Both = new() { Task = WireTask.DetectAndSegment };

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task InspectBoardAsync_Pixels_WholeRowsInOrderAndProgressToTheEnd()
    {
        List<InspectBoardRequest> messages = [];
        await using ScriptedServer server = await StartAsync(async (requests, _) =>
        {
            messages = await ScriptedBoards.ReadAllAsync(requests);
            return new InspectBoardResponse { Model = Answers.Reference };
        });
        using InspectionClient client = InspectionClient.Connect(server.Address);
        byte[] pixels = new byte[3000 * 2 * 700];
        new Random(1).NextBytes(pixels);
        Steps steps = new();

        BoardOptions options = new()
        {
            Task = WireTask.Detect,
            Inspection = new InspectionOptions { Model = "boards/3", MinScore = 0.25f, MaxDefects = 5000, MaskFormat = MaskFormat.Png },
            Overlap = 160,
        };
        InspectBoardResponse answer = await client.InspectBoardAsync(
            BoardInput.FromPixels(pixels, 3000, 700, PixelFormat.Mono12), options, steps);

        Assert.Equal("boards", answer.Model.Name);
        BoardOpening opening = messages[0].Opening;
        Assert.Equal((WireTask.Detect, "boards/3", 160u, MaskFormat.Png), (opening.Task, opening.Model, opening.Overlap, opening.MaskFormat));
        Assert.Equal((0.25f, 5000u), (opening.Options.MinScore, opening.Options.MaxDefects));
        Assert.Equal((3000u, 700u, PixelFormat.Mono12), (opening.Raw.Width, opening.Raw.Height, opening.Raw.PixelFormat));
        Assert.True(messages.Count > 3);
        Assert.All(messages.Skip(1), message => Assert.Equal(0, message.Rows.Length % 6000));
        Assert.Equal(pixels, messages.Skip(1).SelectMany(message => message.Rows.ToByteArray()));
        Assert.Equal(new BoardProgress(pixels.Length, pixels.Length), steps.Seen[^1]);
        Assert.Equal(steps.Seen.OrderBy(step => step.SentBytes), steps.Seen);
    }

    [Fact]
    public async Task InspectBoardAsync_StripsThatReuseOneBuffer_ArriveAsTheyWere()
    {
        List<InspectBoardRequest> messages = [];
        await using ScriptedServer server = await StartAsync(async (requests, _) =>
        {
            messages = await ScriptedBoards.ReadAllAsync(requests);
            return new InspectBoardResponse();
        });
        using InspectionClient client = InspectionClient.Connect(server.Address);

        static async IAsyncEnumerable<ReadOnlyMemory<byte>> Strips()
        {
            byte[] row = new byte[100];
            for (byte y = 0; y < 50; y++)
            {
                row.AsSpan().Fill(y);
                yield return row;
                await Task.Yield();
            }
        }

        await client.InspectBoardAsync(BoardInput.FromStrips(100, 50, PixelFormat.Mono8, Strips()), Both);

        Assert.Equal(Enumerable.Range(0, 50).Select(y => (byte)y), messages.Skip(1).Select(message => message.Rows[99]));
    }

    [Fact]
    public async Task InspectBoardAsync_File_LengthInTheOpeningThenItsBytes()
    {
        byte[] content = new byte[(5 << 20) / 2];
        new Random(2).NextBytes(content);
        List<InspectBoardRequest> messages = [];
        await using ScriptedServer server = await StartAsync(async (requests, _) =>
        {
            messages = await ScriptedBoards.ReadAllAsync(requests);
            return new InspectBoardResponse();
        });
        using InspectionClient client = InspectionClient.Connect(server.Address);

        await client.InspectBoardAsync(BoardInput.FromFile(_folder.Add("board.png", content)), Both);

        Assert.Equal((ulong)content.Length, messages[0].Opening.Encoded.SizeBytes);
        Assert.Equal(content, messages.Skip(1).SelectMany(message => message.FilePiece.ToByteArray()));
    }

    [Fact]
    public async Task InspectBoardAsync_RefusedWhileTheCameraWaits_FailsAtOnce()
    {
        await using ScriptedServer server = await StartAsync(async (requests, _) =>
        {
            await requests.MoveNext(CancellationToken.None);
            throw RpcErrors.Create(StatusCode.InvalidArgument, "OVERLAP_OUT_OF_RANGE", "too far", "opening.overlap");
        });
        using InspectionClient client = InspectionClient.Connect(server.Address);

        static async IAsyncEnumerable<ReadOnlyMemory<byte>> Never([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken = default)
        {
            await Task.Delay(Timeout.Infinite, cancellationToken);
            yield break;
        }

        InspectionFailedException failure = await Assert.ThrowsAsync<InspectionFailedException>(
            () => client.InspectBoardAsync(BoardInput.FromStrips(10, 10, PixelFormat.Mono8, Never()), Both).WaitAsync(Patience));

        Assert.Equal((StatusCode.InvalidArgument, "OVERLAP_OUT_OF_RANGE", "opening.overlap"), (failure.StatusCode, failure.Reason, failure.Field));
    }

    [Fact]
    public async Task InspectBoardAsync_ServerThatReadsNoMore_SenderIsHeldBack()
    {
        TaskCompletionSource goOn = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using ScriptedServer server = await StartAsync(async (requests, _) =>
        {
            await requests.MoveNext(CancellationToken.None);
            await goOn.Task;
            await ScriptedBoards.ReadAllAsync(requests);
            return new InspectBoardResponse();
        });
        using InspectionClient client = InspectionClient.Connect(server.Address);
        const int Height = 16_384;
        int drawn = 0;

        async IAsyncEnumerable<ReadOnlyMemory<byte>> Strips()
        {
            byte[] strip = new byte[64 * 16_384];
            for (int y = 0; y < Height; y += 64)
            {
                drawn++;
                yield return strip;
                await Task.Yield();
            }
        }

        Task<InspectBoardResponse> call = client.InspectBoardAsync(BoardInput.FromStrips(16_384, Height, PixelFormat.Mono8, Strips()), Both);

        // What can lie between the two ends is a window of HTTP/2 and the sockets' buffers; the board has 256 MiB.
        int before;
        do
        {
            before = Volatile.Read(ref drawn);
            await Task.Delay(500);
        }
        while (before == 0 || Volatile.Read(ref drawn) != before);
        Assert.InRange(before, 1, 64);
        goOn.SetResult();
        await call.WaitAsync(Patience);

        Assert.Equal(Height / 64, drawn);
    }

    [Fact]
    public async Task InspectBoardAsync_StreamEndsEarly_CallIsCancelledAndTheSourceIsToBlame()
    {
        TaskCompletionSource cancelled = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using ScriptedServer server = await StartAsync(async (requests, context) =>
        {
            context.CancellationToken.Register(cancelled.SetResult);
            await ScriptedBoards.ReadAllAsync(requests);
            return new InspectBoardResponse();
        });
        using InspectionClient client = InspectionClient.Connect(server.Address);
        using MemoryStream rows = new(new byte[99]);

        await Assert.ThrowsAsync<EndOfStreamException>(
            () => client.InspectBoardAsync(BoardInput.FromRowStream(rows, 10, 10, PixelFormat.Mono8), Both).WaitAsync(Patience));
        await cancelled.Task.WaitAsync(Patience);
    }

    [Fact]
    public async Task InspectBoardAsync_CallersToken_Cancels()
    {
        await using ScriptedServer server = await StartAsync(async (_, context) =>
        {
            await Task.Delay(Timeout.Infinite, context.CancellationToken);
            return new InspectBoardResponse();
        });
        using InspectionClient client = InspectionClient.Connect(server.Address);
        using CancellationTokenSource cancel = new();

        Task<InspectBoardResponse> call = client.InspectBoardAsync(
            BoardInput.FromPixels(new byte[100], 10, 10, PixelFormat.Mono8), Both, cancellationToken: cancel.Token);
        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call.WaitAsync(Patience));
    }

    [Fact]
    public void FromPixels_OtherLengthThanTheBoards_Refused() =>
        Assert.Throws<ArgumentException>(() => BoardInput.FromPixels(new byte[99], 10, 10, PixelFormat.Mono8));

    [Fact]
    public async Task Board_RawFile_TableTilesAndJson()
    {
        string file = _folder.Add("board.raw", new byte[8 * 6]);
        List<InspectBoardRequest> messages = [];
        await using ScriptedServer server = await StartAsync(async (requests, _) =>
        {
            messages = await ScriptedBoards.ReadAllAsync(requests);
            return Answer();
        });
        string json = _folder.PathOf("out.jsonl");

        ToolRun run = await ToolRun.RunAsync(
            "board", file, "--raw", "8x6:mono8", "--overlap", "130", "--server", server.Address.ToString(), "--json", json);

        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.Contains("board.raw (8 x 6): 1 defect\n", run.Out, StringComparison.Ordinal);
        Assert.Contains("9 tiles of 640 x 640, overlap 130\n", run.Out, StringComparison.Ordinal);
        Assert.Equal((8u, 6u, 130u), (messages[0].Opening.Raw.Width, messages[0].Opening.Raw.Height, messages[0].Opening.Overlap));
        Assert.Equal(WireTask.DetectAndSegment, messages[0].Opening.Task);
        Assert.StartsWith(
            """{"image":"board.raw","width":8,"height":6,"model":"boards/3","defects":[{"class":"short",""", await File.ReadAllTextAsync(json), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Board_Refused_SaysWhyAndFails()
    {
        string file = _folder.Add("board.png", new byte[10]);
        await using ScriptedServer server = await StartAsync((_, _) =>
            throw RpcErrors.Create(StatusCode.ResourceExhausted, "BOARDS_FULL", "The server has 2 boards in hand; try again later."));

        ToolRun run = await ToolRun.RunAsync("board", file, "--server", server.Address.ToString());

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("board.png: failed (RESOURCE_EXHAUSTED, BOARDS_FULL): The server has 2 boards", run.Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--raw 8x7:Mono8", "board.raw has 48 bytes; 8 x 7 Mono8 pixels have 56.")]
    [InlineData("--raw 8x6", "--raw takes WIDTHxHEIGHT:FORMAT")]
    [InlineData("--raw 8x6:17301505", "--raw takes WIDTHxHEIGHT:FORMAT")]
    [InlineData("--raw 8x6:Unspecified", "--raw takes WIDTHxHEIGHT:FORMAT")]
    [InlineData("--task segment", "Boards take no boxes to outline")]
    [InlineData("--overlap 0", "--overlap must be at least 1.")]
    public async Task Board_WhatCanNotBe_IsSaid(string options, string message)
    {
        string file = _folder.Add("board.raw", new byte[48]);
        await using ScriptedServer server = await StartAsync((_, _) => Task.FromResult(Answer()));

        ToolRun run = await ToolRun.RunAsync(["board", file, "--server", server.Address.ToString(), .. options.Split(' ')]);

        Assert.Equal(2, run.ExitCode);
        Assert.Contains(message, run.Error, StringComparison.Ordinal);
    }

    private static Task<ScriptedServer> StartAsync(
        Func<IAsyncStreamReader<InspectBoardRequest>, ServerCallContext, Task<InspectBoardResponse>> onBoard) =>
        ScriptedServer.StartAsync(new ScriptedInspection(), boards: new ScriptedBoards { OnBoard = onBoard });

    private static InspectBoardResponse Answer() => new()
    {
        Defects = { Answers.NewDefect("short", 1, 0.875f, Answers.NewBox(1.5f, 1, 3, 4), Answers.RunLengths(6, 8, "=3P1", 3)) },
        ImageSize = new ImageSize { Width = 8, Height = 6 },
        Model = Answers.Reference,
        Execution = Answers.Execution,
        Tiling = new BoardTiling { TileCount = 9, TileSize = new ImageSize { Width = 640, Height = 640 }, Overlap = 130 },
    };

    private sealed class Steps : IProgress<BoardProgress>
    {
        public List<BoardProgress> Seen { get; } = [];

        public void Report(BoardProgress value) => Seen.Add(value);
    }
}

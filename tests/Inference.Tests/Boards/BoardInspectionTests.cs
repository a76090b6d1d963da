using System.Runtime.InteropServices;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.ML.OnnxRuntime;
using YMaskNet.Imaging;
using YMaskNet.Inference.Boards;
using YMaskNet.Inference.Frames;
using YMaskNet.Inference.Results;
using YMaskNet.Testing;

namespace YMaskNet.Inference.Tests.Boards;

public sealed class BoardInspectionTests(BoardEngine engine) : IClassFixture<BoardEngine>
{
    // One box for each blob: with an IoU of 0 every overlap within a tile suppresses.
    private static readonly BoardRequest Both = new(InspectionTask.DetectAndSegment) { Filter = new DetectionFilter(NmsIouThreshold: 0f) };

    // In the middle of a tile, on the seams of two, on the corners of four, at the board's edges. Tiles start every 48 pixels,
    // where the tiny network's cells start too.
    private static readonly (int X, int Y, byte Level)[] Blobs =
    [
        (24, 24, BlobBoard.Bright), (56, 24, BlobBoard.Dull), (48, 48, BlobBoard.Bright), (104, 56, BlobBoard.Bright),
        (96, 104, BlobBoard.Dull), (56, 96, BlobBoard.Dull), (152, 104, BlobBoard.Bright), (144, 48, BlobBoard.Dull), (0, 0, BlobBoard.Bright),
        (200, 152, BlobBoard.Dull), (0, 152, BlobBoard.Bright), (200, 0, BlobBoard.Bright),
    ];

    [Theory]
    [InlineData(InspectionTask.Detect)]
    [InlineData(InspectionTask.DetectAndSegment)]
    public async Task Inspect_BoardOfOneTile_EqualsTheImage(InspectionTask task)
    {
        foreach (BlobBoard board in new[] { BlobBoard.TwoBlobs(), new BlobBoard(40, 30).Fill(8, 8, 8, 8, BlobBoard.Bright), new BlobBoard(64, 40).Fill(8, 20, 8, 8, BlobBoard.Dull) })
        {
            InspectionResult image = await engine.YMaskNet.InspectAsync(
                new InspectionRequest(new RawImage(board.Pixels, PixelFormat.Mono8, board.Width, board.Height), task), CancellationToken.None);

            BoardResult result = await BoardEngine.InspectAsync(engine.YMaskNet, new BoardRequest(task), board);

            Assert.Equal(image.Defects, result.Defects);
            Assert.Equal(new BoardTiling(1, board.Width, board.Height, 0), result.Tiling);
        }
    }

    [Fact]
    public async Task Inspect_BlobsOnSeamsAndCorners_EachOnceExactlyAsATileGivesIt()
    {
        BlobBoard board = WithBlobs();

        BoardResult result = await BoardEngine.InspectAsync(engine.YMaskNet, Both, board);

        Assert.Equal(new BoardTiling(12, 64, 64, 16), result.Tiling);
        Assert.Equal(Blobs.Length, result.Defects.Count);
        foreach ((int x, int y, byte level) in Blobs)
            await AssertAsInAnImage(board, x, y, level, result);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(13)]
    [InlineData(160)]
    public async Task Inspect_AnyStrips_SameAnswerAndNoMoreRowsHeldThanATileIsHigh(int rowsInStrip)
    {
        BlobBoard board = WithBlobs();
        BoardResult expected = await BoardEngine.InspectAsync(engine.YMaskNet, Both, board);

        await using BoardInspection inspection = BoardInspection.Open(
            engine.YMaskNet, Both, new BoardDescription(board.Width, board.Height, PixelFormat.Mono8), new FrameLimits(), CancellationToken.None);
        for (int row = 0; row < board.Height; row += rowsInStrip)
            await inspection.AddRowsAsync(board.Pixels.AsMemory(row * board.Width, Math.Min(rowsInStrip, board.Height - row) * board.Width));
        BoardResult result = await inspection.FinishAsync();

        Assert.Equal(expected.Defects, result.Defects);
        Assert.Equal(64, inspection.PeakRows);
    }

    [Theory]
    [InlineData(PixelFormat.Mono8)]
    [InlineData(PixelFormat.Mono10)]
    [InlineData(PixelFormat.Mono12)]
    [InlineData(PixelFormat.Mono16)]
    [InlineData(PixelFormat.Rgb8)]
    [InlineData(PixelFormat.Bgr8)]
    [InlineData(PixelFormat.BayerRG8)]
    public async Task Inspect_AnyFormat_SamePixelsAsTheWholeImage(PixelFormat format)
    {
        const int Width = 150;
        const int Height = 100;
        byte[] pixels = Noise(format, Width, Height);
        using Frame whole = RawFrameReader.Read(new RawImage(pixels, format, Width, Height), new FrameLimits());
        List<SampleImage> seen = [];

        await using BoardInspection inspection = new(
            engine.YMaskNet.Manifest,
            (request, _) =>
            {
                SampleImage image = (SampleImage)request.Image;
                seen.Add(image with { Data = image.Data.ToArray() });
                return ValueTask.FromResult(EmptyResult(image));
            },
            new BoardRequest(InspectionTask.Detect),
            new BoardDescription(Width, Height, format),
            new FrameLimits(),
            CancellationToken.None);
        int rowBytes = pixels.Length / Height;
        for (int row = 0; row < Height; row++)
            await inspection.AddRowsAsync(pixels.AsMemory(row * rowBytes, rowBytes));
        BoardResult result = await inspection.FinishAsync();

        Assert.Equal(6, result.Tiling.TileCount);
        Assert.Equal(6, seen.Count);
        (int X, int Y)[] origins = [.. new[] { 0, 36 }.SelectMany(y => new[] { 0, 48, 86 }.Select(x => (x, y)))];
        foreach ((SampleImage tile, (int x, int y)) in seen.Zip(origins))
        {
            Assert.Equal((whole.Channels, whole.BitsPerSample, whole.MaxSample), (tile.Channels, tile.BitsPerSample, tile.MaxSample));
            for (int row = 0; row < 64; row++)
            {
                int pixelBytes = whole.Channels * whole.BitsPerSample / 8;
                Assert.Equal(
                    whole.RowBytes(y + row).Slice(x * pixelBytes, 64 * pixelBytes).ToArray(),
                    tile.Data.Slice(row * 64 * pixelBytes, 64 * pixelBytes).ToArray());
            }
        }
    }

    [Fact]
    public async Task Inspect_TilesThatFinishInAnyOrder_SameAnswer()
    {
        BlobBoard board = WithBlobs();
        BoardResult expected = await BoardEngine.InspectAsync(engine.YMaskNet, Both, board);

        for (int seed = 0; seed < 5; seed++)
        {
            Random random = new(seed);
            Held held = new(random, inFlight: 4);
            await using BoardInspection inspection = new(
                engine.YMaskNet.Manifest,
                async (request, cancellationToken) =>
                {
                    InspectionResult result = await engine.YMaskNet.InspectAsync(request, cancellationToken);
                    await held.WaitAsync();
                    return result;
                },
                Both with { TilesInFlight = 4 },
                new BoardDescription(board.Width, board.Height, PixelFormat.Mono8),
                new FrameLimits(),
                CancellationToken.None);
            Task<BoardResult> sending = SendAll(inspection, board);
            await held.ReleaseUntilAsync(sending);

            Assert.Equal(expected.Defects, (await sending).Defects);
            Assert.InRange(held.MostWaiting, 2, 4);
        }
    }

    [Fact]
    public async Task Inspect_File_SameAnswerAsRows()
    {
        BlobBoard board = WithBlobs();
        BoardResult expected = await BoardEngine.InspectAsync(engine.YMaskNet, Both, board);

        using DecodedBoard file = DecodedBoard.Decode(
            PngEncoder.EncodeGray8(board.Pixels, board.Width, board.Height), new FrameLimits(), CancellationToken.None);
        BoardResult result = await BoardInspection.InspectAsync(engine.YMaskNet, Both, file, CancellationToken.None);

        Assert.Equal(expected.Defects, result.Defects);
        Assert.Equal(expected.Tiling, result.Tiling);
    }

    [Fact]
    public async Task Inspect_MaxDefects_IsOfTheBoard()
    {
        BoardResult all = await BoardEngine.InspectAsync(engine.YMaskNet, Both, WithBlobs());
        BoardResult three = await BoardEngine.InspectAsync(
            engine.YMaskNet, Both with { Filter = Both.Filter with { MaxDefects = 3 } }, WithBlobs());

        Assert.Equal(all.Defects.Take(3), three.Defects);
    }

    [Theory]
    [InlineData(64, 64)]
    [InlineData(65, 64)]
    [InlineData(200, 130)]
    [InlineData(161, 203)]
    [InlineData(104, 300)]
    public async Task Inspect_SemanticModel_EqualsTheNetworkOnTheWholeBoard(int width, int height)
    {
        byte[] pixels = Clouds(width, height);
        IReadOnlyList<ConnectedRegion> expected = ConnectedRegions.Find(WholeClassMap(pixels, width, height), width, height, backgroundClass: 0);

        BoardResult result = await BoardEngine.InspectAsync(
            engine.Texture, new BoardRequest(InspectionTask.Segment), new BoardDescription(width, height, PixelFormat.Mono8), pixels, rowsInStrip: 11);

        Assert.True(expected.Count > 3, "the picture must have regions to compare");
        Assert.Equal(
            expected.Select(region => (region.ClassId, region.Area, region.Box, region.CentroidX, region.CentroidY)),
            result.Regions.Select(region => (region.ClassId, region.Area, region.Box, region.CentroidX, region.CentroidY)));
        Assert.Equal(
            expected.Select(region => MaskEncoder.Encode(region.Mask, width, height, MaskFormat.CocoRle)),
            result.Regions.Select(region => region.Mask));
    }

    [Fact]
    public async Task Inspect_SemanticModelWithASmallestRegion_SmallerOnesAreLeftOut()
    {
        const int Width = 200;
        const int Height = 130;
        const int MinArea = 40;
        byte[] pixels = Clouds(Width, Height);
        IReadOnlyList<ConnectedRegion> all = ConnectedRegions.Find(WholeClassMap(pixels, Width, Height), Width, Height, backgroundClass: 0);
        using TemporaryModels models = new();
        ManifestFile.Set(TestModels.WriteTexture(models.Directory), "semantic.minRegionArea", MinArea);
        await using InspectionEngine own = await InspectionEngine.StartAsync(models.Options, NullLoggerFactory.Instance, CancellationToken.None);

        BoardResult result = await BoardEngine.InspectAsync(
            own.DefaultModel, new BoardRequest(InspectionTask.Segment), new BoardDescription(Width, Height, PixelFormat.Mono8), pixels, rowsInStrip: 11);

        Assert.Contains(all, region => region.Area < MinArea);
        Assert.Equal(all.Where(region => region.Area >= MinArea).Select(region => region.Area), result.Regions.Select(region => region.Area));
    }

    [Fact]
    public async Task Inspect_SemanticModelWithoutHalo_WholeImagesOnly()
    {
        BoardRequest request = new(InspectionTask.Segment);

        BoardResult small = await BoardEngine.InspectAsync(engine.Semantic, request, BlobBoard.TwoBlobs());
        InspectionException refused = await Assert.ThrowsAsync<InspectionException>(
            () => BoardEngine.InspectAsync(engine.Semantic, request, new BlobBoard(65, 64)));

        Assert.Equal(2, small.Regions.Count);
        Assert.Equal((InspectionErrorKind.FailedPrecondition, "TILING_NOT_SUPPORTED", "model"), (refused.Kind, refused.Reason, refused.Field));
    }

    public static TheoryData<string, BoardRequest, BoardDescription, InspectionErrorKind, string, string> Refusals => new()
    {
        { "boxes", new(InspectionTask.Segment), Mono(100, 100), InspectionErrorKind.FailedPrecondition, "TASK_NOT_SUPPORTED", "task" },
        { "no defects", With(new DetectionFilter(MaxDefects: 0)), Mono(100, 100), InspectionErrorKind.InvalidArgument, "MAX_DEFECTS_OUT_OF_RANGE", "options.max_defects" },
        { "too many defects", With(new DetectionFilter(MaxDefects: 10_001)), Mono(100, 100), InspectionErrorKind.InvalidArgument, "MAX_DEFECTS_OUT_OF_RANGE", "options.max_defects" },
        { "score", With(new DetectionFilter(MinScore: float.NaN)), Mono(100, 100), InspectionErrorKind.InvalidArgument, "MIN_SCORE_OUT_OF_RANGE", "options.min_score" },
        { "less overlap than the model's", Both with { Overlap = 15 }, Mono(100, 100), InspectionErrorKind.InvalidArgument, "OVERLAP_OUT_OF_RANGE", "overlap" },
        { "an overlap beyond all", Both with { Overlap = int.MaxValue }, Mono(100, 100), InspectionErrorKind.InvalidArgument, "OVERLAP_OUT_OF_RANGE", "overlap" },
        { "half a tile", Both with { Overlap = 32 }, Mono(100, 100), InspectionErrorKind.InvalidArgument, "OVERLAP_OUT_OF_RANGE", "overlap" },
        { "mask format", Both with { MaskFormat = (MaskFormat)9 }, Mono(100, 100), InspectionErrorKind.InvalidArgument, "MASK_FORMAT_UNKNOWN", "mask_format" },
        { "no format", Both, Mono(100, 100) with { Format = 0 }, InspectionErrorKind.InvalidArgument, "PIXEL_FORMAT_UNKNOWN", "raw.pixel_format" },
        { "no width", Both, Mono(0, 100), InspectionErrorKind.InvalidArgument, "RAW_DIMENSIONS_OUT_OF_RANGE", "raw.width" },
        { "no height", Both, Mono(100, 0), InspectionErrorKind.InvalidArgument, "RAW_DIMENSIONS_OUT_OF_RANGE", "raw.height" },
        { "mosaic of one row", Both, new(100, 1, PixelFormat.BayerRG8), InspectionErrorKind.InvalidArgument, "RAW_DIMENSIONS_OUT_OF_RANGE", "raw.height" },
        { "too wide", Both, Mono(65_536, 1), InspectionErrorKind.ResourceExhausted, "IMAGE_TOO_LARGE", "raw.width" },
        { "too many pixels", Both, Mono(65_535, 65_535), InspectionErrorKind.ResourceExhausted, "IMAGE_TOO_LARGE", "raw" },
    };

    [Theory]
    [MemberData(nameof(Refusals))]
    public void Open_WhatCanNotBe_Refused(
        string what, BoardRequest request, BoardDescription description, InspectionErrorKind kind, string reason, string field)
    {
        InspectionException refused = Assert.Throws<InspectionException>(
            () => { _ = BoardInspection.Open(engine.YMaskNet, request, description, new FrameLimits(), CancellationToken.None); });

        Assert.Equal((what, kind, reason, field), (what, refused.Kind, refused.Reason, refused.Field));
    }

    [Fact]
    public async Task AddRows_NotWholeRowsOrTooManyOrTooFew_Refused()
    {
        await using BoardInspection board = BoardInspection.Open(engine.YMaskNet, Both, Mono(70, 80), new FrameLimits(), CancellationToken.None);

        Task<InspectionException> Refused(int bytes) => Assert.ThrowsAsync<InspectionException>(() => board.AddRowsAsync(new byte[bytes]));
        Assert.Equal("MESSAGE_EMPTY", (await Refused(0)).Reason);
        Assert.Equal("STRIP_NOT_WHOLE_ROWS", (await Refused(71)).Reason);
        Assert.Equal("ROWS_EXCESS", (await Refused(70 * 81)).Reason);
        await board.AddRowsAsync(new byte[70 * 79]);
        InspectionException missing = await Assert.ThrowsAsync<InspectionException>(board.FinishAsync);
        Assert.Equal(("ROWS_MISSING", "rows"), (missing.Reason, missing.Field));
    }

    [Fact]
    public async Task AddRows_SampleAboveItsRange_RefusedWithItsPlaceOnTheBoard()
    {
        await using BoardInspection board = BoardInspection.Open(
            engine.YMaskNet, Both, new BoardDescription(80, 200, PixelFormat.Mono10), new FrameLimits(), CancellationToken.None);
        byte[] rows = new byte[80 * 2 * 150];
        rows[(((149 * 80) + 77) * 2) + 1] = 4;

        InspectionException refused = await Assert.ThrowsAsync<InspectionException>(() => board.AddRowsAsync(rows));

        Assert.Equal(("SAMPLE_OUT_OF_RANGE", "rows"), (refused.Reason, refused.Field));
        Assert.Contains("(77, 149)", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AddRows_TileRefused_BoardEndsWithThatAndNothingIsLeftRunning()
    {
        int running = 0;
        int started = 0;
        BoardInspection board = new(
            engine.YMaskNet.Manifest,
            async (_, cancellationToken) =>
            {
                Interlocked.Increment(ref running);
                try
                {
                    if (Interlocked.Increment(ref started) == 3)
                        throw new InspectionException(InspectionErrorKind.Unavailable, "SERVER_STOPPING", "stopping");
                    await Task.Delay(Timeout.Infinite, cancellationToken);
                    throw new InvalidOperationException("never");
                }
                finally
                {
                    Interlocked.Decrement(ref running);
                }
            },
            Both with { TilesInFlight = 3 },
            Mono(500, 500),
            new FrameLimits(),
            CancellationToken.None);

        InspectionException refused = await Assert.ThrowsAsync<InspectionException>(() => board.AddRowsAsync(new byte[500 * 500]));
        await board.DisposeAsync();

        Assert.Equal(("SERVER_STOPPING", 3, 0), (refused.Reason, started, running));
    }

    [Fact]
    public async Task AddRows_Cancelled_EndsWhileTilesWait()
    {
        using CancellationTokenSource cancel = new();
        await using BoardInspection board = new(
            engine.YMaskNet.Manifest,
            async (_, cancellationToken) =>
            {
                await Task.Delay(Timeout.Infinite, cancellationToken);
                throw new InvalidOperationException("never");
            },
            Both,
            Mono(500, 500),
            new FrameLimits(),
            cancel.Token);

        Task adding = board.AddRowsAsync(new byte[500 * 500]);
        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => adding);
    }

    private static BoardDescription Mono(int width, int height) => new(width, height, PixelFormat.Mono8);

    private static BoardRequest With(DetectionFilter filter) => Both with { Filter = filter };

    private static BlobBoard WithBlobs()
    {
        BlobBoard board = new(208, 160);
        foreach ((int x, int y, byte level) in Blobs)
            board.Fill(x, y, 8, 8, level);
        return board;
    }

    private static int StartOfTileAround(int blob, int extent) => Enumerable.Range(0, extent / 48)
        .Select(index => index * 48)
        .First(start => (start == 0 || blob >= start + 8) && (start + 64 == extent || blob + 16 <= start + 64));

    /// <summary>A blob alone, in an image that is a tile which shows it whole: that is what must come back, moved.</summary>
    private async Task AssertAsInAnImage(BlobBoard board, int x, int y, byte level, BoardResult result)
    {
        int left = StartOfTileAround(x, board.Width);
        int top = StartOfTileAround(y, board.Height);
        BlobBoard tile = new BlobBoard(64, 64).Fill(x - left, y - top, 8, 8, level);
        InspectionResult alone = await engine.YMaskNet.InspectAsync(
            new InspectionRequest(new RawImage(tile.Pixels, PixelFormat.Mono8, 64, 64), Both.Task) { Filter = Both.Filter, KeepsPixels = true },
            CancellationToken.None);
        Defect expected = Assert.Single(alone.Defects);
        PixelBox box = expected.Box with { X = expected.Box.X + left, Y = expected.Box.Y + top };
        Mask mask = MaskEncoder.Encode(((BitMask)expected.Mask!).Pixels.MovedBy(left, top), board.Width, board.Height, MaskFormat.CocoRle);

        Defect found = Assert.Single(result.Defects, defect => defect.Box == box);
        Assert.Equal((expected.ClassName, expected.Score, mask), (found.ClassName, found.Score, found.Mask));
    }

    private static async Task<BoardResult> SendAll(BoardInspection inspection, BlobBoard board)
    {
        await inspection.AddRowsAsync(board.Pixels);
        return await inspection.FinishAsync();
    }

    private static InspectionResult EmptyResult(SampleImage image) => new()
    {
        ImageWidth = image.Width,
        ImageHeight = image.Height,
        ExecutionProvider = "test",
        Device = "test",
        Times = new StageTimes(),
    };

    private static byte[] Noise(PixelFormat format, int width, int height)
    {
        RawLayout layout = RawLayout.Of(format);
        byte[] pixels = new byte[width * height * layout.BytesPerPixel];
        new Random(5).NextBytes(pixels);
        if (layout.BytesPerPixel == 2)
        {
            foreach (ref ushort sample in MemoryMarshal.Cast<byte, ushort>(pixels.AsSpan()))
                sample = (ushort)(sample & layout.MaxSample);
        }

        return pixels;
    }

    /// <summary>Smooth enough for regions that span tiles, rough enough for every class.</summary>
    private static byte[] Clouds(int width, int height)
    {
        Random random = new(11);
        byte[] pixels = new byte[width * height];
        for (int y = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++)
                pixels[(y * width) + x] = (byte)(127 + (90 * Math.Sin(x / 17.0) * Math.Cos(y / 23.0)) + random.Next(-30, 31));
        }

        return pixels;
    }

    /// <summary>The texture network on the whole board, whose last row and column are repeated up to the stride.</summary>
    private static byte[] WholeClassMap(byte[] pixels, int width, int height)
    {
        int paddedWidth = (width + TextureNetwork.Stride - 1) / TextureNetwork.Stride * TextureNetwork.Stride;
        int paddedHeight = (height + TextureNetwork.Stride - 1) / TextureNetwork.Stride * TextureNetwork.Stride;
        float[] input = new float[paddedWidth * paddedHeight];
        for (int y = 0; y < paddedHeight; y++)
        {
            for (int x = 0; x < paddedWidth; x++)
                input[(y * paddedWidth) + x] = pixels[(Math.Min(y, height - 1) * width) + Math.Min(x, width - 1)] / 255f;
        }

        using InferenceSession session = new(TextureNetwork.ToOnnx());
        using OrtValue image = OrtValue.CreateTensorValueFromMemory(input, [1, 1, paddedHeight, paddedWidth]);
        using RunOptions options = new();
        using IDisposableReadOnlyCollection<OrtValue> outputs = session.Run(options, ["image"], [image], ["logits"]);
        ReadOnlySpan<float> logits = outputs[0].GetTensorDataAsSpan<float>();
        byte[] classes = new byte[width * height];
        for (int i = 0; i < classes.Length; i++)
        {
            int position = ((i / width) * paddedWidth) + (i % width);
            for (int classId = 1; classId < TextureNetwork.ClassCount; classId++)
            {
                if (logits[(classId * input.Length) + position] > logits[(classes[i] * input.Length) + position])
                    classes[i] = (byte)classId;
            }
        }

        return classes;
    }

    /// <summary>Holds results back and lets them go in a random order.</summary>
    private sealed class Held(Random random, int inFlight)
    {
        private readonly List<TaskCompletionSource> _waiting = [];

        public int MostWaiting { get; private set; }

        public Task WaitAsync()
        {
            TaskCompletionSource release = new(TaskCreationOptions.RunContinuationsAsynchronously);
            lock (_waiting)
            {
                _waiting.Add(release);
                MostWaiting = Math.Max(MostWaiting, _waiting.Count);
            }

            return release.Task;
        }

        public async Task ReleaseUntilAsync(Task end)
        {
            int patience = 0;
            while (!end.IsCompleted)
            {
                await Task.Delay(1);
                lock (_waiting)
                {
                    // As many as can be wait, or no more come: a row of tiles waits for the row before it.
                    bool isFull = _waiting.Count == inFlight || (_waiting.Count > 0 && patience >= 100);
                    patience = isFull ? 0 : patience + 1;
                    if (!isFull)
                        continue;
                    int index = random.Next(_waiting.Count);
                    _waiting[index].SetResult();
                    _waiting.RemoveAt(index);
                }
            }
        }
    }
}

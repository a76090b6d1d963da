using YMaskNet.Imaging;

namespace YMaskNet.Server.Tests.WholeBoards;

public sealed class BoardTests(BoardServer boards) : IClassFixture<BoardServer>
{
    private const int Tile = 64;
    private const int Width = 352;
    private const int Height = 256;

    // One box for each blob: with an IoU of 0 every overlap within a tile suppresses.
    private static readonly Wire.BoardOpening Both = new()
    {
        Task = Wire.Task.DetectAndSegment,
        Options = new Wire.DetectionOptions { NmsIouThreshold = 0 },
    };

    // Tiles start every 48 pixels and share 16: seams at 48 to 64, 96 to 112 and so on, corners of four tiles where those cross.
    private static readonly (int X, int Y, byte Level)[] Blobs =
    [
        (24, 24, BlobBoard.Bright), (56, 24, BlobBoard.Dull), (48, 48, BlobBoard.Bright), (104, 56, BlobBoard.Bright), (96, 104, BlobBoard.Dull),
        (56, 96, BlobBoard.Dull), (152, 104, BlobBoard.Bright), (144, 48, BlobBoard.Dull), (248, 200, BlobBoard.Bright), (240, 144, BlobBoard.Dull),
        (296, 152, BlobBoard.Bright), (200, 192, BlobBoard.Dull), (0, 0, BlobBoard.Bright), (344, 248, BlobBoard.Dull), (0, 248, BlobBoard.Bright),
    ];

    private readonly TestServer _server = boards.Server;

    [Fact]
    public async Task InspectBoard_BlobsOnSeamsAndCorners_EachOnceWithTheMaskThatATileGives()
    {
        BlobBoard board = WithBlobs();

        Wire.InspectBoardResponse answer = await SentBoard.InspectAsync(_server, Both, board, rowsInStrip: 20);

        Assert.Equal(new Wire.ImageSize { Width = Width, Height = Height }, answer.ImageSize);
        Assert.Equal((35u, 16u), (answer.Tiling.TileCount, answer.Tiling.Overlap));
        Assert.Equal(new Wire.ImageSize { Width = Tile, Height = Tile }, answer.Tiling.TileSize);
        Assert.Equal((TestModels.TinyYMaskNet, "CPUExecutionProvider"), (answer.Model.Name, answer.Execution.ExecutionProvider));
        Assert.Equal(Blobs.Length, answer.Defects.Count);
        Assert.Equal(answer.Defects.OrderByDescending(defect => defect.Score).Select(defect => defect.Score), answer.Defects.Select(defect => defect.Score));
        foreach ((int x, int y, byte level) in Blobs)
            await AssertFoundAsync(x, y, level, answer);
    }

    [Fact]
    public async Task InspectBoard_StripsRowsOrFile_SameAnswer()
    {
        BlobBoard board = WithBlobs();
        Wire.InspectBoardResponse strips = await SentBoard.InspectAsync(_server, Both, board, rowsInStrip: 100);

        Wire.InspectBoardResponse rows = await SentBoard.InspectAsync(_server, Both, board, rowsInStrip: 1);
        Wire.InspectBoardResponse whole = await SentBoard.InspectAsync(_server, Both, board, rowsInStrip: Height);
        Wire.InspectBoardResponse file = await SentBoard.InspectFileAsync(
            _server, Both, PngEncoder.EncodeGray8(board.Pixels, Width, Height), pieceBytes: 333);

        Assert.Equal(strips.Defects, rows.Defects);
        Assert.Equal(strips.Defects, whole.Defects);
        Assert.Equal(strips.Defects, file.Defects);
        Assert.Equal(strips.Tiling, file.Tiling);
    }

    [Fact]
    public async Task InspectBoard_OneTile_SameAnswerAsTheUnaryCall()
    {
        Wire.DetectAndSegmentResponse unary = await _server.Inspection.DetectAndSegmentAsync(
            new Wire.DetectAndSegmentRequest { Image = Boards.Mono8 });

        Wire.InspectBoardResponse answer = await SentBoard.InspectAsync(
            _server, new Wire.BoardOpening { Task = Wire.Task.DetectAndSegment }, BlobBoard.TwoBlobs(), rowsInStrip: 3);

        Assert.Equal(unary.Defects, answer.Defects);
        Assert.Equal((1u, 0u), (answer.Tiling.TileCount, answer.Tiling.Overlap));
    }

    [Fact]
    public async Task InspectBoard_DetectWithRgbModel_BoxesWithoutMasks()
    {
        Wire.BoardOpening opening = new() { Task = Wire.Task.Detect, Model = TestModels.TinyYoloV5, Options = Both.Options };

        Wire.InspectBoardResponse answer = await SentBoard.InspectAsync(_server, opening, WithBlobs(), rowsInStrip: 50);

        Assert.Equal(Blobs.Length, answer.Defects.Count);
        Assert.All(answer.Defects, defect => Assert.Null(defect.Mask));
    }

    [Fact]
    public async Task InspectBoard_SemanticModel_RegionsAcrossSeamsAreOne()
    {
        // A bar across the whole board, a dot on a seam, and one on the corner of four tiles. Tiles start every 64 pixels.
        BlobBoard board = new BlobBoard(300, 150)
            .Fill(0, 60, 300, 30, BlobBoard.Bright).Fill(60, 10, 9, 7, BlobBoard.Dull).Fill(124, 124, 8, 8, BlobBoard.Dull);
        Wire.BoardOpening opening = new() { Task = Wire.Task.Segment, Model = TestModels.TinySemantic };

        Wire.InspectBoardResponse strips = await SentBoard.InspectAsync(_server, opening, board, rowsInStrip: 64);
        Wire.InspectBoardResponse rows = await SentBoard.InspectAsync(_server, opening, board, rowsInStrip: 1);
        Wire.InspectBoardResponse textured = await SentBoard.InspectAsync(
            _server, new Wire.BoardOpening { Task = Wire.Task.Segment, Model = TestModels.TinyTexture }, board, rowsInStrip: 10);

        Assert.Equal(
            [("dull", 64ul, 124f, 124f), ("dull", 63ul, 60f, 10f), ("bright", 9000ul, 0f, 60f)],
            strips.Regions.Select(region => (region.ClassName, region.Area, region.Box.X, region.Box.Y)));
        Assert.Equal((300f, 30f), (strips.Regions[2].Box.Width, strips.Regions[2].Box.Height));
        Assert.Equal(strips.Regions, rows.Regions);
        Assert.Empty(strips.Defects);
        Assert.Equal((15u, 0u), (strips.Tiling.TileCount, strips.Tiling.Overlap));
        Assert.Equal((2u * TextureNetwork.HaloPixels), textured.Tiling.Overlap);
    }

    [Fact]
    public async Task InspectBoard_PolygonsAndPictures_SameAreasAsRunLengths()
    {
        BlobBoard board = WithBlobs();
        Wire.InspectBoardResponse runs = await SentBoard.InspectAsync(_server, Both, board, rowsInStrip: 50);

        foreach (Wire.MaskFormat format in new[] { Wire.MaskFormat.Polygon, Wire.MaskFormat.Png, Wire.MaskFormat.None })
        {
            Wire.BoardOpening opening = Both.Clone();
            opening.MaskFormat = format;
            Wire.InspectBoardResponse answer = await SentBoard.InspectAsync(_server, opening, board, rowsInStrip: 50);

            Assert.Equal(runs.Defects.Select(defect => defect.Mask.Area), answer.Defects.Select(defect => defect.Mask.Area));
        }
    }

    [Fact]
    public async Task InspectBoard_SideBySideWithImages_EachItsOwnAnswer()
    {
        BlobBoard board = WithBlobs();
        Wire.InspectBoardResponse alone = await SentBoard.InspectAsync(_server, Both, board, rowsInStrip: 40);

        Task<Wire.InspectBoardResponse>[] together =
            [.. Enumerable.Range(1, 4).Select(number => Task.Run(() => SentBoard.InspectAsync(_server, Both, board, rowsInStrip: number * 10)))];
        Wire.DetectResponse image = await _server.Inspection.DetectAsync(new Wire.DetectRequest { Image = Boards.Png });

        FoundBlobs.Check(image.Defects);
        foreach (Wire.InspectBoardResponse answer in await Task.WhenAll(together))
            Assert.Equal(alone.Defects, answer.Defects);
    }

    private static BlobBoard WithBlobs()
    {
        BlobBoard board = new(Width, Height);
        foreach ((int x, int y, byte level) in Blobs)
            board.Fill(x, y, 8, 8, level);
        return board;
    }

    /// <summary>What a call with one tile as its image finds of a blob, moved to its place, must be among the board's defects, once.</summary>
    private async Task AssertFoundAsync(int x, int y, byte level, Wire.InspectBoardResponse answer)
    {
        int left = StartOfTileAround(x, Width);
        int top = StartOfTileAround(y, Height);
        BlobBoard tile = new BlobBoard(Tile, Tile).Fill(x - left, y - top, 8, 8, level);
        Wire.DetectAndSegmentResponse alone = await _server.Inspection.DetectAndSegmentAsync(new Wire.DetectAndSegmentRequest
        {
            Image = Boards.Raw(Wire.PixelFormat.Mono8, tile.Pixels),
            Options = Both.Options,
        });
        Wire.Defect expected = Assert.Single(alone.Defects);

        Wire.Defect found = Assert.Single(
            answer.Defects, defect => defect.Box.X == expected.Box.X + left && defect.Box.Y == expected.Box.Y + top);
        Assert.Equal(
            (expected.ClassName, expected.Score, expected.Box.Width, expected.Box.Height, expected.Mask.Area),
            (found.ClassName, found.Score, found.Box.Width, found.Box.Height, found.Mask.Area));
        Assert.Equal(
            Pixels(expected.Mask.CocoRle).Select(pixel => (pixel.X + left, pixel.Y + top)), Pixels(found.Mask.CocoRle));
    }

    private static int StartOfTileAround(int blob, int extent) => Enumerable.Range(0, extent / 48)
        .Select(index => index * 48)
        .First(start => (start == 0 || blob >= start + 8) && (start + Tile == extent || blob + 16 <= start + Tile));

    /// <summary>The pixels of a mask, column by column, read as the COCO API does.</summary>
    private static List<(long X, long Y)> Pixels(Wire.CocoRle mask)
    {
        List<(long X, long Y)> pixels = [];
        List<long> runs = [];
        long position = 0;
        for (int i = 0; i < mask.Counts.Length;)
        {
            long value = 0;
            int shift = 0;
            int bits;
            do
            {
                bits = mask.Counts[i++] - '0';
                value |= (long)(bits & 31) << shift;
                shift += 5;
            }
            while ((bits & 32) != 0);
            if ((bits & 16) != 0)
                value |= -1L << shift;
            runs.Add(runs.Count > 2 ? value + runs[^2] : value);
            for (long end = position + runs[^1]; position < end; position++)
            {
                if (runs.Count % 2 == 0)
                    pixels.Add((position / mask.Height, position % mask.Height));
            }
        }

        Assert.Equal((long)mask.Width * mask.Height, position);
        return pixels;
    }
}

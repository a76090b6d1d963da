using FsCheck;
using FsCheck.Fluent;
using YMaskNet.Inference.Boards;
using YMaskNet.Inference.Results;
using YMaskNet.Inference.Tests.Results;

namespace YMaskNet.Inference.Tests.Boards;

/// <summary>Defects of a board, shown to tiles that each see their part exactly: the merger must give the defects back.</summary>
public sealed class SeamMergerTests
{
    private const int Tile = 64;
    private const int Overlap = 24;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void AddRow_AnyBoard_GivesTheDefectsBack(bool withMasks) => Prop.ForAll(Boards().ToArbitrary(), board =>
    {
        List<MergedDefect> found = Merge(board.Grid, board.Truth, withMasks);

        List<TrueDefect> missing = [.. board.Truth.Where(truth => found.Count(defect => IsSame(defect, truth, withMasks)) != 1)];
        return (found.Count == board.Truth.Count && missing.Count == 0)
            .Label($"{board.Grid.Describe()}: {found.Count} found of {board.Truth.Count}, not once: {string.Join("; ", missing)}");
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void AddRow_DefectOverFourTiles_OneWithTheHighestScoreAndTheWholeMask()
    {
        TileGrid grid = Grid(200, 200);
        TrueDefect wide = new(ClassId: 0, Left: 10, Top: 40, Width: 180, Height: 40, Seed: 3);

        MergedDefect found = Assert.Single(Merge(grid, [wide], withMasks: true));

        Assert.Equal(new PixelBox(10, 40, 180, 40), found.Box);
        Assert.Equal(Views(grid, [wide], withMasks: true).SelectMany(row => row).SelectMany(tile => tile).Max(defect => defect.Score), found.Score);
        Assert.True(found.Masks.Count > 3);
        AssertSameMask(wide.Mask(), found, 200, 200);
    }

    [Fact]
    public void AddRow_WholeInSeveralTiles_ExactlyAsItsOwnerGivesIt()
    {
        TileGrid grid = Grid(184, 64);
        PixelBox[] boxes = [new(46.25f, 20.5f, 9.5f, 8.25f), new(6.5f, 20.25f, 9.75f, 8f)];

        // The shared area of the first two tiles is [40, 64]: the core border lies at 52, the first box's centre left of it.
        List<IReadOnlyList<Defect>> row = [[Found(0, 0.6f, boxes[0])], [Found(0, 0.9f, boxes[1])], [], []];
        MergedDefect found = Assert.Single(new SeamMerger(grid).AddRow(0, row));

        Assert.Equal((boxes[0], 0.6f), (found.Box, found.Score));
    }

    [Fact]
    public void AddRow_TwoOfOneClassThatATileKeptApart_StayTwo()
    {
        TileGrid grid = Grid(184, 64);
        Defect square = Found(0, 0.9f, new PixelBox(20, 20, 10, 10));
        Defect wide = Found(0, 0.8f, new PixelBox(15, 20, 20, 10));

        List<MergedDefect> found = new SeamMerger(grid).AddRow(0, [[square, wide], [], [], []]);

        Assert.Equal([square.Box, wide.Box], found.Order(Comparer<MergedDefect>.Create(MergedDefect.Compare)).Select(defect => defect.Box));
    }

    [Fact]
    public void AddRow_OtherClassesAtASeam_AreNotJoined()
    {
        TileGrid grid = Grid(104, 64);

        // Both fragments reach the border of their own tile and agree where both tiles look.
        List<MergedDefect> found = new SeamMerger(grid).AddRow(
            0, [[Found(0, 0.9f, new PixelBox(2, 20, 62, 10))], [Found(1, 0.8f, new PixelBox(0, 20, 62, 10))]]);

        Assert.Equal([0, 1], found.Select(defect => defect.ClassId).Order());
    }

    [Fact]
    public void AddRow_FragmentInSomethingThatANeighbourSeesWhole_IsTheNeighboursToName()
    {
        TileGrid grid = Grid(104, 64);

        // The second tile sees the right part of a blob, [40, 48] on the board, and takes it for something else.
        List<MergedDefect> found = new SeamMerger(grid).AddRow(
            0, [[Found(0, 0.6f, new PixelBox(34, 20, 14, 8))], [Found(1, 0.9f, new PixelBox(0, 20, 8, 8))]]);

        Assert.Equal((0, new PixelBox(34, 20, 14, 8)), (Assert.Single(found).ClassId, found[0].Box));
    }

    [Fact]
    public void AddRow_FragmentThatItsNeighbourMissed_IsKept()
    {
        TileGrid grid = Grid(104, 64);

        MergedDefect found = Assert.Single(new SeamMerger(grid).AddRow(0, [[], [Found(0, 0.9f, new PixelBox(0, 20, 8, 8))]]));

        Assert.Equal(new PixelBox(40, 20, 8, 8), found.Box);
    }

    [Fact]
    public void AddRow_FragmentAloneAtASeam_IsKept()
    {
        TileGrid grid = Grid(104, 64);

        MergedDefect found = Assert.Single(new SeamMerger(grid).AddRow(0, [[Found(0, 0.5f, new PixelBox(10, 20, 54, 10))], []]));

        Assert.Equal(new PixelBox(10, 20, 54, 10), found.Box);
    }

    [Fact]
    public void AddRow_DefectsAboveTheNextRowOfTiles_AreSettledAtOnce()
    {
        TileGrid grid = Grid(64, 500);
        SeamMerger merger = new(grid);
        TrueDefect first = new(0, Left: 10, Top: 5, Width: 8, Height: 8, Seed: 1);
        IReadOnlyList<IReadOnlyList<IReadOnlyList<Defect>>> views = Views(grid, [first], withMasks: true);

        MergedDefect found = Assert.Single(merger.AddRow(0, views[0]));

        Assert.Equal(first.Box, found.Box);
        Assert.Equal(0, merger.MaskBytes);
    }

    [Fact]
    public void AddRow_LongDefectDownTheBoard_IsHeldUntilItEnds()
    {
        TileGrid grid = Grid(64, 500);
        SeamMerger merger = new(grid);
        IReadOnlyList<IReadOnlyList<IReadOnlyList<Defect>>> views = Views(grid, [new TrueDefect(0, 10, 5, 20, 490, Seed: 2)], withMasks: true);

        int[] settled = [.. views.Select((row, index) => merger.AddRow(index, row).Count)];

        Assert.Equal([.. Enumerable.Repeat(0, views.Count - 1), 1], settled);
    }

    internal static TileGrid Grid(int width, int height) =>
        new(new TileAxis(width, Tile, Overlap), new TileAxis(height, Tile, Overlap), Overlap);

    private static List<MergedDefect> Merge(TileGrid grid, IReadOnlyList<TrueDefect> truth, bool withMasks)
    {
        SeamMerger merger = new(grid);
        List<MergedDefect> found = [];
        foreach ((int index, IReadOnlyList<IReadOnlyList<Defect>> row) in Views(grid, truth, withMasks).Index())
            found.AddRange(merger.AddRow(index, row));
        return found;
    }

    /// <summary>What each tile sees: the parts of the defects that lie in it, with a score of the tile's own.</summary>
    private static List<IReadOnlyList<IReadOnlyList<Defect>>> Views(TileGrid grid, IReadOnlyList<TrueDefect> truth, bool withMasks) =>
    [
        .. Enumerable.Range(0, grid.Rows.Count).Select(row => (IReadOnlyList<IReadOnlyList<Defect>>)
        [
            .. Enumerable.Range(0, grid.Columns.Count).Select(column => (IReadOnlyList<Defect>)
            [
                .. truth
                    .Select(defect => defect.SeenFrom(grid, column, row, withMasks))
                    .OfType<Defect>()
                    .OrderByDescending(defect => defect.Score),
            ]),
        ]),
    ];

    private static Defect Found(int classId, float score, PixelBox box) => new(classId, $"class {classId}", score, box, Mask: null);

    private static bool IsSame(MergedDefect found, TrueDefect truth, bool withMask)
    {
        if (found.ClassId != truth.ClassId || found.Box != truth.Box)
            return false;
        if (!withMask)
            return found.Masks.Count == 0;
        return MaskEncoder.Encode(found.Masks, 1000, 1000, MaskFormat.CocoRle) == MaskEncoder.Encode(truth.Mask(), 1000, 1000, MaskFormat.CocoRle);
    }

    private static void AssertSameMask(BinaryMask expected, MergedDefect found, int width, int height) => Assert.Equal(
        MaskEncoder.Encode(expected, width, height, MaskFormat.CocoRle), MaskEncoder.Encode(found.Masks, width, height, MaskFormat.CocoRle));

    /// <summary>Boards of one to a few tiles a side, with defects that do not touch each other, from dots to long ones.</summary>
    private static Gen<(TileGrid Grid, IReadOnlyList<TrueDefect> Truth)> Boards() =>
        from width in Gen.Choose(20, 330)
        from height in Gen.Choose(20, 330)
        from count in Gen.Choose(0, 30)
        from seed in Gen.Choose(0, int.MaxValue)
        select (Grid(width, height), Scatter(width, height, count, seed));

    private static IReadOnlyList<TrueDefect> Scatter(int width, int height, int count, int seed)
    {
        Random random = new(seed);
        List<TrueDefect> truth = [];
        for (int i = 0; i < count; i++)
        {
            int longest = random.Next(4) == 0 ? 300 : 20;
            int w = Math.Min(width, random.Next(6, longest));
            int h = Math.Min(height, random.Next(6, random.Next(4) == 0 ? longest : 20));
            TrueDefect candidate = new(random.Next(3), random.Next(width - w + 1), random.Next(height - h + 1), w, h, random.Next());
            if (!truth.Exists(candidate.Touches))
                truth.Add(candidate);
        }

        return truth;
    }

    internal sealed record TrueDefect(int ClassId, int Left, int Top, int Width, int Height, int Seed)
    {
        public PixelBox Box => new(Left, Top, Width, Height);

        public bool Touches(TrueDefect other) =>
            Left <= other.Left + other.Width && other.Left <= Left + Width && Top <= other.Top + other.Height && other.Top <= Top + Height;

        /// <summary>Noise, but for a frame, so that the box is tight in every tile.</summary>
        public BinaryMask Mask()
        {
            BinaryMask mask = TestMasks.Noise(Left, Top, Width, Height, percent: 70, Seed);
            mask.AddRun(0, 0, Width);
            mask.AddRun(Height - 1, 0, Width);
            for (int row = 0; row < Height; row++)
            {
                mask.AddRun(row, 0, 1);
                mask.AddRun(row, Width - 1, Width);
            }

            return mask;
        }

        public Defect? SeenFrom(TileGrid grid, int column, int row, bool withMask)
        {
            int tileLeft = grid.Columns.Start(column);
            int tileTop = grid.Rows.Start(row);
            int left = Math.Max(Left, tileLeft);
            int top = Math.Max(Top, tileTop);
            int right = Math.Min(Left + Width, grid.Columns.End(column));
            int bottom = Math.Min(Top + Height, grid.Rows.End(row));
            if (right <= left || bottom <= top)
                return null;

            BitMask? mask = null;
            if (withMask)
            {
                BinaryMask whole = Mask();
                BinaryMask part = new(left - tileLeft, top - tileTop, right - left, bottom - top);
                for (int y = top; y < bottom; y++)
                {
                    for (int x = left; x < right; x++)
                    {
                        if (whole[x - Left, y - Top])
                            part.AddRun(y - top, x - left, x - left + 1);
                    }
                }

                mask = new BitMask(part);
            }

            float score = 0.5f + (((Seed ^ (column * 7919) ^ (row * 104729)) & 0xFFFF) / 140_000f);
            return new Defect(
                ClassId, $"class {ClassId}", score, new PixelBox(left - tileLeft, top - tileTop, right - left, bottom - top),
                mask);
        }
    }
}

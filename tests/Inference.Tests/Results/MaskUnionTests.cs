using FsCheck;
using FsCheck.Fluent;
using YMaskNet.Inference.Results;

namespace YMaskNet.Inference.Tests.Results;

/// <summary>Masks in several parts, against the same in one bitmap.</summary>
public sealed class MaskUnionTests
{
    private const int Side = 90;

    [Fact]
    public void Encode_AnyParts_EqualsTheirUnionInOneMask() => Prop.ForAll(Parts().ToArbitrary(), parts =>
    {
        BinaryMask union = new(0, 0, Side, Side);
        foreach (BinaryMask part in parts)
            Paint(part, union);

        return Enum.GetValues<MaskFormat>().All(format => IsSame(
            MaskEncoder.Encode(union, Side, Side, format), MaskEncoder.Encode(parts, Side, Side, format)));
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void CountWithin_AnyMasksAndRectangle_CountsPixels() => Prop.ForAll(Parts().ToArbitrary(), parts =>
    {
        bool[,] a = TestMasks.ToImage(parts[0], Side, Side);
        bool[,] b = TestMasks.ToImage(parts[^1], Side, Side);
        (int left, int top, int right, int bottom) = (parts[0].X + 3, parts[0].Y - 2, parts[0].X + 21, parts[0].Y + 9);
        long alone = 0;
        long common = 0;
        for (int y = Math.Max(0, top); y < bottom && y < Side; y++)
        {
            for (int x = left; x < right && x < Side; x++)
            {
                alone += a[y, x] ? 1 : 0;
                common += a[y, x] && b[y, x] ? 1 : 0;
            }
        }

        return parts[0].CountWithin(left, top, right, bottom) == alone
            && parts[0].CountWithin(left, top, right, bottom, parts[^1]) == common;
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void MovedBy_Mask_SamePixelsElsewhere()
    {
        BinaryMask mask = TestMasks.Draw("#.#\n.#.", x: 2, y: 3);

        BinaryMask moved = mask.MovedBy(1000, 20_000);

        Assert.Equal((1002, 20_003, 3L), (moved.X, moved.Y, moved.Area));
        Assert.True(moved[0, 0] && !moved[1, 0] && moved[1, 1]);
    }

    [Fact]
    public void Encode_DiagonalOfALargeBoard_AllocatesNothingOfTheBoardsSize()
    {
        const int Board = 16_384;
        BinaryMask[] parts = [.. Enumerable.Range(0, 32).Select(index => TestMasks.Noise(index * 500, index * 500, 500, 500, percent: 2, seed: index))];
        MaskEncoder.Encode(parts, Board, Board, MaskFormat.CocoRle);

        long before = GC.GetAllocatedBytesForCurrentThread();
        Mask mask = MaskEncoder.Encode(parts, Board, Board, MaskFormat.CocoRle);
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.Equal(parts.Sum(part => part.Area), mask.Area);

        // A bitmap of the union alone would have 16000 x 16000 / 8 = 32 million bytes.
        Assert.InRange(allocated, 1, 20_000_000);
    }

    private static void Paint(BinaryMask part, BinaryMask target)
    {
        for (int row = 0; row < part.Height; row++)
        {
            for (int column = 0; column < part.Width; column++)
            {
                if (part[column, row])
                    target.AddRun(part.Y + row, part.X + column, part.X + column + 1);
            }
        }
    }

    private static bool IsSame(Mask expected, Mask found) => (expected, found) switch
    {
        (PolygonMask a, PolygonMask b) => a.Area == b.Area && a.Rings.Count == b.Rings.Count
            && a.Rings.Zip(b.Rings).All(pair => pair.First.SequenceEqual(pair.Second)),
        (PngMask a, PngMask b) => (a.X, a.Y, a.Width, a.Height, a.Area) == (b.X, b.Y, b.Width, b.Height, b.Area) && a.Data.AsSpan().SequenceEqual(b.Data),
        _ => expected == found,
    };

    private static Gen<BinaryMask[]> Parts() =>
        from count in Gen.Choose(1, 6)
        from percent in Gen.Choose(0, 100)
        from seed in Gen.Choose(0, int.MaxValue)
        select Scatter(count, percent, seed);

    private static BinaryMask[] Scatter(int count, int percent, int seed)
    {
        Random random = new(seed);
        return
        [
            .. Enumerable.Range(0, count).Select(_ => TestMasks.Noise(
                random.Next(40), random.Next(40), random.Next(1, 50), random.Next(1, 50), percent, random.Next())),
        ];
    }
}

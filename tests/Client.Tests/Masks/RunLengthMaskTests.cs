using FsCheck;
using FsCheck.Fluent;
using YMaskNet.Client.Masks;

namespace YMaskNet.Client.Tests.Masks;

public class RunLengthMaskTests
{
    [Fact]
    public void Parse_HandWorkedCounts_GivesRunsAndPixels()
    {
        // 3 rows, 4 columns; column-major runs 4, 2, 3, 1, 2. The fourth and fifth are deltas to the second and third:
        // 1 - 2 = -1, written 'O' (31 = 0b11111), and 2 - 3 = -1.
        RunLengthMask mask = RunLengthMask.Parse(3, 4, "423OO");

        Assert.Equal([4, 2, 3, 1, 2], mask.Runs.ToArray());
        MaskBitmap bitmap = mask.ToBitmap();
        Assert.Equal((1, 0, 3, 3), (bitmap.X, bitmap.Y, bitmap.Width, bitmap.Height));
        Assert.Equal(
            """
            ...#
            .#..
            .#..
            """,
            Draw(bitmap, 4, 3));
    }

    [Fact]
    public void ToCounts_LongRun_TakesSeveralCharacters()
    {
        // 1000 = 0b11111_01000: the low five bits 8 with the continuation bit, 8 + 32 + 48 = 88 'X'; then 31, whose
        // sign bit is set, so it must go on: 31 + 32 + 48 = 111 'o'; then 0: '0'.
        RunLengthMask mask = RunLengthMask.FromBitmap(MaskBitmap.Empty, 10, 100);

        Assert.Equal("Xo0", mask.ToCounts());
        Assert.Equal([1000], RunLengthMask.Parse(10, 100, "Xo0").Runs.ToArray());
    }

    [Fact]
    public void Parse_FullImage_BeginsWithAnEmptyRun()
    {
        MaskBitmap bitmap = RunLengthMask.Parse(2, 3, "06").ToBitmap();

        Assert.Equal((0, 0, 3, 2, 6), (bitmap.X, bitmap.Y, bitmap.Width, bitmap.Height, bitmap.Area));
        Assert.Equal("06", RunLengthMask.FromBitmap(bitmap, 2, 3).ToCounts());
    }

    [Fact]
    public void ToBitmap_RunOverColumns_CoversTheirFullHeight()
    {
        MaskBitmap bitmap = RunLengthMask.Parse(4, 3, "363").ToBitmap();

        Assert.Equal((0, 0, 3, 4), (bitmap.X, bitmap.Y, bitmap.Width, bitmap.Height));
        Assert.Equal(
            """
            .##
            .#.
            .#.
            ##.
            """,
            Draw(bitmap, 3, 4));
    }

    [Theory]
    [InlineData("423O")] // too short
    [InlineData("4291")] // beyond the image
    [InlineData("0O")] // a negative run
    [InlineData("4 8")] // a foreign character
    [InlineData("4X")] // ends inside a run
    [InlineData("XXXXXXXX0")] // a run longer than any image
    [InlineData("")]
    public void Parse_DamagedCounts_Throws(string counts) =>
        Assert.Throws<InvalidDataException>(() => RunLengthMask.Parse(3, 4, counts));

    [Fact]
    public void RoundTrip_AnyBitmap_KeepsEveryPixel()
    {
        Gen<bool[,]> grids =
            from height in Gen.Choose(1, 9)
            from width in Gen.Choose(1, 9)
            from grid in Gen.Elements(false, true).Array2DOf(height, width)
            select grid;

        Prop.ForAll(grids.ToArbitrary(), grid =>
        {
            int height = grid.GetLength(0);
            int width = grid.GetLength(1);
            MaskBitmap bitmap = new(0, 0, width, height, [.. grid.Cast<bool>()]);

            string counts = RunLengthMask.FromBitmap(bitmap, height, width).ToCounts();
            MaskBitmap back = RunLengthMask.Parse(height, width, counts).ToBitmap();

            return back.Area == bitmap.Area && Draw(back, width, height) == Draw(bitmap, width, height);
        }).QuickCheckThrowOnFailure();
    }

    internal static string Draw(MaskBitmap mask, int width, int height) => string.Join(
        '\n', Enumerable.Range(0, height).Select(y => string.Concat(Enumerable.Range(0, width).Select(x => mask.Contains(x, y) ? '#' : '.'))));
}

using FsCheck;
using FsCheck.Fluent;
using YMaskNet.Inference.Boards;

namespace YMaskNet.Inference.Tests.Boards;

public sealed class TileAxisTests
{
    [Theory]
    [InlineData(10, 64, 16, new[] { 0 }, 10)]
    [InlineData(64, 64, 16, new[] { 0 }, 64)]
    [InlineData(65, 64, 16, new[] { 0, 1 }, 64)]
    [InlineData(112, 64, 16, new[] { 0, 48 }, 64)]
    [InlineData(113, 64, 16, new[] { 0, 48, 49 }, 64)]
    [InlineData(16384, 640, 128, null, 640)]
    public void Starts_AnyExtent_ReachTheEnd(int extent, int tile, int overlap, int[]? starts, int length)
    {
        TileAxis axis = new(extent, tile, overlap);

        if (starts is not null)
            Assert.Equal(starts, Enumerable.Range(0, axis.Count).Select(axis.Start));
        Assert.Equal(length, axis.Length);
        Assert.Equal(extent, axis.End(axis.Count - 1));
    }

    [Fact]
    public void Cores_AnyAxis_PartTheBoardAndLieInsideTheirTiles() => Prop.ForAll(Axes().ToArbitrary(), axis =>
    {
        int position = 0;
        for (int index = 0; index < axis.Count; index++)
        {
            if (axis.CoreStart(index) != position || axis.CoreEnd(index) <= position)
                return false;
            position = axis.CoreEnd(index);
            if (axis.CoreStart(index) < axis.Start(index) || axis.CoreEnd(index) > axis.End(index))
                return false;
        }

        return position == axis.Extent;
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Interior_StretchNoLongerThanTheOverlapWithinMargins_SomeTileShowsItWhole() => Prop.ForAll(
        Axes().ToArbitrary(),
        axis => Enumerable.Range(0, axis.Extent).All(from => Enumerable.Range(0, axis.Count).Any(index =>
        {
            (float start, float end) = axis.Interior(index, margin: 2);
            return from >= start && Math.Min(axis.Extent, from + 4) <= end;
        }))).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData(130, 48)]
    [InlineData(128, 16)]
    [InlineData(1000, 0)]
    public void Aligned_AnyExtent_StartsAreMultiplesAndHalosAreInside(int extent, int overlap)
    {
        const int Alignment = 8;
        TileAxis axis = new(extent, tile: 64, overlap, Alignment);

        Assert.All(Enumerable.Range(0, axis.Count), index => Assert.Equal(0, axis.Start(index) % Alignment));
        Assert.InRange(axis.End(axis.Count - 1), extent, extent + Alignment - 1);
        for (int index = 1; index < axis.Count; index++)
        {
            Assert.True(axis.CoreStart(index) - axis.Start(index) >= overlap / 2, $"tile {index} begins its core too early");
            Assert.True(axis.End(index - 1) - axis.CoreEnd(index - 1) >= overlap / 2, $"tile {index - 1} ends its core too late");
        }
    }

    private static Gen<TileAxis> Axes() =>
        from extent in Gen.Choose(1, 700)
        from tile in Gen.Choose(24, 100)
        from overlap in Gen.Choose(8, (tile - 1) / 2)
        select new TileAxis(extent, tile, overlap);
}

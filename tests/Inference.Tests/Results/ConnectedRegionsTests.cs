using FsCheck;
using FsCheck.Fluent;
using YMaskNet.Inference.Results;

namespace YMaskNet.Inference.Tests.Results;

public sealed class ConnectedRegionsTests
{
    [Fact]
    public void Find_ShapesOfTwoClasses_AreOrderedAndMeasured()
    {
        byte[] map =
        [
            0, 1, 0, 0, 2, 2,
            0, 0, 1, 0, 2, 0,
            0, 0, 0, 0, 0, 0,
            1, 1, 1, 0, 0, 2,
        ];

        IReadOnlyList<ConnectedRegion> regions = ConnectedRegions.Find(map, width: 6, height: 4, backgroundClass: 0);

        Assert.Equal([(1, 3L), (1, 2L), (2, 3L), (2, 1L)], regions.Select(region => (region.ClassId, region.Area)));
        Assert.Equal(new PixelBox(1, 0, 2, 2), regions[1].Box);
        Assert.Equal((2.0, 1.0), (regions[1].CentroidX, regions[1].CentroidY));
        Assert.Equal((1.5, 3.5), (regions[0].CentroidX, regions[0].CentroidY));
        Assert.True(regions[1].Mask[0, 0] && regions[1].Mask[1, 1] && !regions[1].Mask[1, 0]);
    }

    [Fact]
    public void Find_AnotherBackground_LeavesThatOut()
    {
        IReadOnlyList<ConnectedRegion> regions = ConnectedRegions.Find([0, 3, 3, 0], width: 4, height: 1, backgroundClass: 3);

        Assert.Equal([0, 0], regions.Select(region => region.ClassId));
    }

    [Fact]
    public void Find_OnlyBackground_IsEmpty() => Assert.Empty(ConnectedRegions.Find(new byte[12], width: 4, height: 3, backgroundClass: 0));

    [Fact]
    public void Find_WholeImage_IsOneRegion()
    {
        byte[] map = new byte[640 * 480];
        map.AsSpan().Fill(9);

        ConnectedRegion region = Assert.Single(ConnectedRegions.Find(map, width: 640, height: 480, backgroundClass: 0));

        Assert.Equal((map.Length, 320.0, 240.0), ((int)region.Area, region.CentroidX, region.CentroidY));
    }

    [Fact]
    public void Find_AnyMap_EqualsFloodFill() => Prop.ForAll(Maps().ToArbitrary(), map =>
    {
        List<(int ClassId, bool[] Pixels)> expected = FloodFill(map.Classes, map.Width, map.Height);

        IReadOnlyList<ConnectedRegion> regions = ConnectedRegions.Find(map.Classes, map.Width, map.Height, backgroundClass: 0);

        return regions.Count == expected.Count && regions.All(region =>
        {
            bool[] pixels = [.. TestMasks.ToImage(region.Mask, map.Width, map.Height).Cast<bool>()];
            return region.Area == pixels.LongCount(inside => inside)
                && RectangleOf(region.Mask.Trimmed()) == RectangleOf(region.Mask)
                && Math.Abs(region.CentroidX - Mean(pixels, i => (i % map.Width) + 0.5)) < 1e-9
                && Math.Abs(region.CentroidY - Mean(pixels, i => (i / map.Width) + 0.5)) < 1e-9
                && expected.Any(other => other.ClassId == region.ClassId && other.Pixels.AsSpan().SequenceEqual(pixels));
        });
    }).QuickCheckThrowOnFailure();

    private static (int X, int Y, int Width, int Height) RectangleOf(BinaryMask mask) => (mask.X, mask.Y, mask.Width, mask.Height);

    private static double Mean(bool[] pixels, Func<int, double> coordinate) =>
        Enumerable.Range(0, pixels.Length).Where(i => pixels[i]).Average(coordinate);

    private static Gen<(byte[] Classes, int Width, int Height)> Maps() =>
        from width in Gen.Choose(1, 30)
        from height in Gen.Choose(1, 30)
        from classes in Gen.Choose(2, 4)
        from percent in Gen.Choose(0, 100)
        from seed in Gen.Choose(0, int.MaxValue)
        select (Noise(width * height, classes, percent, seed), width, height);

    private static byte[] Noise(int length, int classes, int percent, int seed)
    {
        var random = new Random(seed);
        byte[] map = new byte[length];
        for (int i = 0; i < length; i++)
            map[i] = random.Next(100) < percent ? (byte)random.Next(1, classes) : (byte)0;
        return map;
    }

    private static List<(int ClassId, bool[] Pixels)> FloodFill(byte[] map, int width, int height)
    {
        List<(int, bool[])> regions = [];
        bool[] seen = new bool[map.Length];
        for (int start = 0; start < map.Length; start++)
        {
            if (seen[start] || map[start] == 0)
                continue;
            bool[] pixels = new bool[map.Length];
            var waiting = new Stack<int>([start]);
            while (waiting.TryPop(out int i))
            {
                if (seen[i])
                    continue;
                seen[i] = pixels[i] = true;
                for (int y = Math.Max(0, (i / width) - 1); y <= Math.Min(height - 1, (i / width) + 1); y++)
                {
                    for (int x = Math.Max(0, (i % width) - 1); x <= Math.Min(width - 1, (i % width) + 1); x++)
                    {
                        if (map[(y * width) + x] == map[start])
                            waiting.Push((y * width) + x);
                    }
                }
            }

            regions.Add((map[start], pixels));
        }

        return regions;
    }
}

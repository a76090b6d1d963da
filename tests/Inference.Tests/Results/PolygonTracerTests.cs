using FsCheck;
using FsCheck.Fluent;
using YMaskNet.Inference.Results;

namespace YMaskNet.Inference.Tests.Results;

public sealed class PolygonTracerTests
{
    [Fact]
    public void Trace_Rectangle_IsFourCornersClockwise()
    {
        IReadOnlyList<IReadOnlyList<PixelCorner>> rings = PolygonTracer.Trace(TestMasks.Draw("....\n.##.\n.##.", x: 10, y: 20));

        Assert.Equal([new PixelCorner(11, 21), new(13, 21), new(13, 23), new(11, 23)], Assert.Single(rings));
    }

    [Fact]
    public void Trace_Ring_IsAnOuterRingAndAHoleTheOtherWayRound()
    {
        IReadOnlyList<IReadOnlyList<PixelCorner>> rings = PolygonTracer.Trace(TestMasks.Draw("###\n#.#\n###"));

        Assert.Equal(2, rings.Count);
        Assert.Equal(18, TwiceSignedArea(rings[0]));
        Assert.Equal(-2, TwiceSignedArea(rings[1]));
    }

    [Fact]
    public void Trace_PixelsThatTouchAtACorner_AreRingsOfTheirOwn()
    {
        IReadOnlyList<IReadOnlyList<PixelCorner>> rings = PolygonTracer.Trace(TestMasks.Draw("#.\n.#"));

        Assert.Equal([2, 2], rings.Select(TwiceSignedArea));
    }

    [Fact]
    public void Trace_EmptyMask_HasNoRings()
    {
        Assert.Empty(PolygonTracer.Trace(TestMasks.Draw("..\n..")));
        Assert.Empty(PolygonTracer.Trace(new BinaryMask(0, 0, 0, 0)));
    }

    [Fact]
    public void Trace_AnyMask_FillsBackToTheMask() => Prop.ForAll(TestMasks.Any(), placed =>
    {
        IReadOnlyList<IReadOnlyList<PixelCorner>> rings = PolygonTracer.Trace(placed.Mask);

        bool[,] filled = FillEvenOdd(rings, placed.ImageWidth, placed.ImageHeight);
        return filled.Cast<bool>().SequenceEqual(placed.ToImage().Cast<bool>());
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Trace_AnyMask_HasRectangularRingsWhoseAreasAddUp() => Prop.ForAll(TestMasks.Any(), placed =>
    {
        IReadOnlyList<IReadOnlyList<PixelCorner>> rings = PolygonTracer.Trace(placed.Mask);

        // Outer rings count positive and holes negative only if their directions are right.
        return rings.All(TurnsAtEveryCorner) && rings.Sum(TwiceSignedArea) == 2 * placed.Mask.Area;
    }).QuickCheckThrowOnFailure();

    /// <summary>Whether edges are horizontal and vertical by turns.</summary>
    private static bool TurnsAtEveryCorner(IReadOnlyList<PixelCorner> ring)
    {
        for (int i = 0; i < ring.Count; i++)
        {
            PixelCorner before = ring[(i + ring.Count - 1) % ring.Count];
            PixelCorner after = ring[(i + 1) % ring.Count];
            bool arrivesHorizontally = before.Y == ring[i].Y && before.X != ring[i].X;
            bool leavesHorizontally = after.Y == ring[i].Y && after.X != ring[i].X;
            if (arrivesHorizontally == leavesHorizontally)
                return false;
        }

        return true;
    }

    /// <summary>The shoelace formula; positive for clockwise with y downwards.</summary>
    private static long TwiceSignedArea(IReadOnlyList<PixelCorner> ring)
    {
        long sum = 0;
        for (int i = 0; i < ring.Count; i++)
        {
            PixelCorner next = ring[(i + 1) % ring.Count];
            sum += ((long)ring[i].X * next.Y) - ((long)next.X * ring[i].Y);
        }

        return sum;
    }

    /// <summary>A pixel is inside where a ray from its centre to the left crosses an odd number of edges.</summary>
    private static bool[,] FillEvenOdd(IReadOnlyList<IReadOnlyList<PixelCorner>> rings, int width, int height)
    {
        bool[,] image = new bool[height, width];
        foreach (IReadOnlyList<PixelCorner> ring in rings)
        {
            for (int i = 0; i < ring.Count; i++)
            {
                PixelCorner a = ring[i];
                PixelCorner b = ring[(i + 1) % ring.Count];
                for (int y = Math.Min(a.Y, b.Y); y < Math.Max(a.Y, b.Y); y++)
                {
                    for (int x = a.X; x < width; x++)
                        image[y, x] ^= true;
                }
            }
        }

        return image;
    }
}

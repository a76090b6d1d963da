using YMaskNet.Inference.Detection;
using YMaskNet.Inference.Results;

namespace YMaskNet.Inference.Boards;

/// <summary>How far two tiles' findings are the same pixels: by their masks where both have one there, else by their boxes.</summary>
internal static class SharedView
{
    /// <summary>Intersection over union of two boxes.</summary>
    public static double BoxIou(TileDefect a, TileDefect b)
    {
        double common = Area(Intersection(a.Corners, b.Corners));
        return common == 0 ? 0 : common / (Area(a.Corners) + Area(b.Corners) - common);
    }

    /// <summary>How much of a finding lies in another one, in [0, 1].</summary>
    public static double CoveredPart(TileDefect inner, TileDefect outer)
    {
        if (inner.Mask is { } innerMask && outer.Mask is { } outerMask && innerMask.Area is > 0 and var area && outerMask.Area > 0)
            return (double)Count(innerMask, inner.Extent, outerMask) / area;
        double whole = Area(inner.Corners);
        return whole == 0 ? 0 : Area(Intersection(inner.Corners, outer.Corners)) / whole;
    }

    /// <summary>
    /// How far two findings agree where both tiles look, in [0, 1]. Masks: common pixels over those of the smaller. Boxes: the
    /// same for two fragments; intersection over union where one is whole, since a small box may well lie in a large one
    /// without being a part of it.
    /// </summary>
    public static double Agreement(TileDefect a, TileDefect b)
    {
        CornerBox shared = Intersection(a.TileArea, b.TileArea);
        if (a.Mask is { } maskA && b.Mask is { } maskB)
        {
            long smaller = Math.Min(Count(maskA, shared), Count(maskB, shared));
            if (smaller > 0)
                return (double)Count(maskA, shared, maskB) / smaller;
        }

        CornerBox boxA = Intersection(a.Corners, shared);
        CornerBox boxB = Intersection(b.Corners, shared);
        double common = Area(Intersection(boxA, boxB));
        if (common == 0)
            return 0;
        double areaA = Area(boxA);
        double areaB = Area(boxB);
        return a.IsWhole || b.IsWhole ? common / (areaA + areaB - common) : common / Math.Min(areaA, areaB);
    }

    /// <summary>Whether two rectangles have a point in common.</summary>
    public static bool Meet(in CornerBox a, in CornerBox b) => a.X1 <= b.X2 && b.X1 <= a.X2 && a.Y1 <= b.Y2 && b.Y1 <= a.Y2;

    private static long Count(BinaryMask mask, in CornerBox within, BinaryMask? other = null) => mask.CountWithin(
        (int)MathF.Floor(within.X1), (int)MathF.Floor(within.Y1), (int)MathF.Ceiling(within.X2), (int)MathF.Ceiling(within.Y2), other);

    private static CornerBox Intersection(in CornerBox a, in CornerBox b) =>
        new(Math.Max(a.X1, b.X1), Math.Max(a.Y1, b.Y1), Math.Min(a.X2, b.X2), Math.Min(a.Y2, b.Y2));

    private static double Area(in CornerBox box) => Math.Max(0.0, box.Width) * Math.Max(0.0, box.Height);
}

using YMaskNet.V1;

namespace YMaskNet.Client.Masks;

/// <summary>Fills rings by the even-odd rule: a pixel belongs to the mask when its centre lies inside.</summary>
internal static class PolygonFill
{
    public static MaskBitmap Fill(PolygonMask polygon, int imageWidth, int imageHeight)
    {
        if (!TryFindBounds(polygon, imageWidth, imageHeight, out int left, out int top, out int right, out int bottom))
            return MaskBitmap.Empty;

        int width = right - left;
        bool[] pixels = new bool[width * (bottom - top)];
        foreach (Ring ring in polygon.Rings)
        {
            for (int i = 0; i < ring.Points.Count; i++)
                MarkCrossings(ring.Points[i], ring.Points[(i + 1) % ring.Points.Count], pixels, left, top, width, bottom);
        }

        for (int rowStart = 0; rowStart < pixels.Length; rowStart += width)
        {
            bool inside = false;
            foreach (ref bool pixel in pixels.AsSpan(rowStart, width))
            {
                inside ^= pixel;
                pixel = inside;
            }
        }

        return new MaskBitmap(left, top, width, bottom - top, pixels);
    }

    /// <summary>Flips, in each row whose centre line the edge crosses, the first pixel whose centre is right of the crossing.</summary>
    private static void MarkCrossings(Point from, Point to, bool[] pixels, int left, int top, int width, int bottom)
    {
        (Point upper, Point lower) = from.Y <= to.Y ? (from, to) : (to, from);
        int firstRow = (int)Math.Ceiling(upper.Y - 0.5);
        for (int row = firstRow; row < bottom && row + 0.5 < lower.Y; row++)
        {
            double crossing = upper.X + (row + 0.5 - upper.Y) * ((double)lower.X - upper.X) / ((double)lower.Y - upper.Y);
            int column = (int)Math.Ceiling(crossing - 0.5) - left;
            if (column < width)
                pixels[(row - top) * width + column] ^= true;
        }
    }

    private static bool TryFindBounds(
        PolygonMask polygon, int imageWidth, int imageHeight, out int left, out int top, out int right, out int bottom)
    {
        (left, top, right, bottom) = (imageWidth, imageHeight, 0, 0);
        foreach (Point point in polygon.Rings.SelectMany(ring => ring.Points))
        {
            // Written so that NaN fails.
            if (!(point.X >= 0 && point.X <= imageWidth && point.Y >= 0 && point.Y <= imageHeight))
                throw new InvalidDataException($"A polygon's corner ({point.X}, {point.Y}) is outside the image of {imageWidth} x {imageHeight} pixels.");

            left = Math.Min(left, (int)MathF.Floor(point.X));
            top = Math.Min(top, (int)MathF.Floor(point.Y));
            right = Math.Max(right, (int)MathF.Ceiling(point.X));
            bottom = Math.Max(bottom, (int)MathF.Ceiling(point.Y));
        }

        return right > left && bottom > top;
    }
}

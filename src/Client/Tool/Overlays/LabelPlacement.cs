namespace YMaskNet.Client.Tool.Overlays;

/// <summary>Finds places for labels beside their boxes, where they cover neither each other nor other boxes if that can be.</summary>
/// <param name="width">Width of the picture. Unit: pixels.</param>
/// <param name="height">Height of the picture. Unit: pixels.</param>
/// <param name="boxes">All boxes, labels to come included.</param>
internal sealed class LabelPlacement(int width, int height, IReadOnlyList<PixelRectangle> boxes)
{
    private readonly List<PixelRectangle> _labels = [];

    /// <summary>Takes the best place for a label.</summary>
    /// <param name="box">The labelled box, its frame included.</param>
    /// <param name="labelWidth">Unit: pixels.</param>
    /// <param name="labelHeight">Unit: pixels.</param>
    public PixelRectangle Place(PixelRectangle box, int labelWidth, int labelHeight)
    {
        PixelRectangle best = default;
        int bestCost = int.MaxValue;
        foreach (PixelRectangle candidate in Candidates(box, labelWidth, labelHeight))
        {
            int cost = CostOf(candidate);
            if (cost >= bestCost)
                continue;
            (best, bestCost) = (candidate, cost);
        }

        _labels.Add(best);
        return best;
    }

    /// <summary>In order of preference: above, below, to the right, to the left; at last inside the picture at any price.</summary>
    private IEnumerable<PixelRectangle> Candidates(PixelRectangle box, int labelWidth, int labelHeight)
    {
        int alignedRight = box.Right - labelWidth;
        int below = box.Bottom;
        int above = box.Top - labelHeight;
        (int X, int Y)[] corners =
        [
            (box.Left, above), (alignedRight, above),
            (box.Left, below), (alignedRight, below),
            (box.Right, box.Top), (box.Left - labelWidth, box.Top),
            (box.Right, box.Bottom - labelHeight), (box.Left - labelWidth, box.Bottom - labelHeight),
        ];
        foreach ((int x, int y) in corners)
        {
            PixelRectangle candidate = new(x, y, x + labelWidth, y + labelHeight);
            if (candidate.IsInside(width, height))
                yield return candidate;
        }

        int left = Math.Max(0, Math.Min(box.Left, width - labelWidth));
        int top = Math.Max(0, Math.Min(above, height - labelHeight));
        yield return new PixelRectangle(left, top, left + labelWidth, top + labelHeight);
    }

    private int CostOf(PixelRectangle candidate)
    {
        const int CostOfCoveringLabel = 3;
        return CostOfCoveringLabel * _labels.Count(label => label.Overlaps(candidate))
            + boxes.Count(box => box.Overlaps(candidate));
    }
}

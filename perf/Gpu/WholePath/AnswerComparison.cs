using YMaskNet.Inference;
using YMaskNet.Inference.Results;

namespace YMaskNet.Perf.Gpu.WholePath;

/// <summary>
/// Whether two devices give one answer: the same defects, scores within 0.001, boxes within half a pixel, masks and class maps
/// but for 2 pixels or 1 % of them. A defect whose score lies within 0.001 of the threshold may be missing on either side.
/// </summary>
internal static class AnswerComparison
{
    private const float ScoreTolerance = 1e-3f;
    private const float BoxTolerance = 0.5f;
    private const long MaskPixels = 2;
    private const double MaskShare = 0.01;

    /// <summary>The first difference in words; <see langword="null"/> where there is none.</summary>
    /// <param name="expected">The one answer.</param>
    /// <param name="found">The other.</param>
    /// <param name="minScore">The threshold that both had.</param>
    /// <param name="backgroundClass">The class of class maps that is no defect.</param>
    public static string? Difference(InspectionResult expected, InspectionResult found, float minScore, int backgroundClass)
    {
        if ((expected.ImageWidth, expected.ImageHeight) != (found.ImageWidth, found.ImageHeight))
            return $"the image has {found.ImageWidth} x {found.ImageHeight} pixels in place of {expected.ImageWidth} x {expected.ImageHeight}";
        return DefectDifference(expected.Defects, found.Defects, minScore) ?? ClassDifference(expected.Classes, found.Classes, backgroundClass);
    }

    private static string? DefectDifference(IReadOnlyList<Defect> expected, IReadOnlyList<Defect> found, float minScore)
    {
        List<Defect> unmatched = [.. found];
        foreach (Defect defect in expected)
        {
            Defect? match = unmatched.Find(candidate => IsSamePlace(defect, candidate));
            if (match is null)
            {
                if (defect.Score >= minScore + ScoreTolerance)
                    return $"there is no {Described(defect)}";
                continue;
            }

            unmatched.Remove(match);
            if (MaskDifference(defect.Mask, match.Mask) is { } difference)
                return $"the {Described(defect)} {difference}";
        }

        Defect? surplus = unmatched.Find(defect => defect.Score >= minScore + ScoreTolerance);
        return surplus is null ? null : $"there is a {Described(surplus)} too many";
    }

    private static bool IsSamePlace(Defect expected, Defect found) =>
        expected.ClassId == found.ClassId
        && MathF.Abs(expected.Score - found.Score) <= ScoreTolerance
        && MathF.Abs(expected.Box.X - found.Box.X) <= BoxTolerance
        && MathF.Abs(expected.Box.Y - found.Box.Y) <= BoxTolerance
        && MathF.Abs(expected.Box.X + expected.Box.Width - found.Box.X - found.Box.Width) <= BoxTolerance
        && MathF.Abs(expected.Box.Y + expected.Box.Height - found.Box.Y - found.Box.Height) <= BoxTolerance;

    private static string? MaskDifference(Mask? expected, Mask? found)
    {
        if (expected is null && found is null)
            return null;
        if (expected is not BitMask one || found is not BitMask other)
            return "has a mask on one side alone";
        long differing = DifferingPixels(one.Pixels, other.Pixels);
        return IsWithin(differing, one.Area) ? null : FormattableString.Invariant($"has a mask of {one.Area} pixels of which {differing} differ");
    }

    private static long DifferingPixels(BinaryMask one, BinaryMask other)
    {
        long differing = 0;
        int right = Math.Max(one.X + one.Width, other.X + other.Width);
        int bottom = Math.Max(one.Y + one.Height, other.Y + other.Height);
        for (int y = Math.Min(one.Y, other.Y); y < bottom; y++)
        {
            for (int x = Math.Min(one.X, other.X); x < right; x++)
                differing += Holds(one, x, y) != Holds(other, x, y) ? 1 : 0;
        }

        return differing;
    }

    private static bool Holds(BinaryMask mask, int x, int y)
    {
        int column = x - mask.X;
        int row = y - mask.Y;
        return column >= 0 && row >= 0 && column < mask.Width && row < mask.Height && mask[column, row];
    }

    private static string? ClassDifference(byte[]? expected, byte[]? found, int backgroundClass)
    {
        if (expected is null && found is null)
            return null;
        if (expected is null || found is null)
            return "there is a class map on one side alone";
        long differing = 0;
        long marked = 0;
        for (int index = 0; index < expected.Length; index++)
        {
            differing += expected[index] != found[index] ? 1 : 0;
            marked += expected[index] != backgroundClass ? 1 : 0;
        }

        return IsWithin(differing, marked) ? null : FormattableString.Invariant($"{differing} pixels of the class map differ, of {marked} that are no background");
    }

    private static bool IsWithin(long differing, long pixels) => differing <= Math.Max(MaskPixels, pixels * MaskShare);

    private static string Described(Defect defect) => FormattableString.Invariant(
        $"{defect.ClassName} of score {defect.Score:F4} at ({defect.Box.X:F1}, {defect.Box.Y:F1}), {defect.Box.Width:F1} x {defect.Box.Height:F1}");
}

using YMaskNet.Inference.Detection;

namespace YMaskNet.Perf.Operators.Plain;

/// <summary>Greedy suppression, box by box.</summary>
internal static class PlainSuppression
{
    public static int Run(ReadOnlySpan<Candidate> candidates, float iouThreshold, Span<Candidate> kept)
    {
        int count = 0;
        foreach (ref readonly Candidate candidate in candidates)
        {
            if (count == kept.Length)
                break;
            if (!IsSuppressed(candidate, kept[..count], iouThreshold))
                kept[count++] = candidate;
        }

        return count;
    }

    private static bool IsSuppressed(in Candidate candidate, ReadOnlySpan<Candidate> kept, float iouThreshold)
    {
        foreach (ref readonly Candidate other in kept)
        {
            if (other.ClassId == candidate.ClassId && Iou(other.Box, candidate.Box) > iouThreshold)
                return true;
        }

        return false;
    }

    private static float Iou(in CornerBox a, in CornerBox b)
    {
        float width = Math.Max(0f, Math.Min(a.X2, b.X2) - Math.Max(a.X1, b.X1));
        float height = Math.Max(0f, Math.Min(a.Y2, b.Y2) - Math.Max(a.Y1, b.Y1));
        float intersection = width * height;
        return intersection / ((a.Width * a.Height) + (b.Width * b.Height) - intersection);
    }
}

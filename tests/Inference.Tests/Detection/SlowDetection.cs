using YMaskNet.Inference.Detection;
using YMaskNet.Inference.Models;

namespace YMaskNet.Inference.Tests.Detection;

/// <summary>Decode and suppression in double precision, one value at a time, as docs/model-package.md has them.</summary>
internal static class SlowDetection
{
    internal sealed record Box(double X1, double Y1, double X2, double Y2, double Score, int ClassId, int AnchorIndex);

    public static List<Box> Decode(
        AnchorHead head, int width, int height, int classCount, int firstAnchorIndex, float[] raw, CornerBox content, double minScore)
    {
        int columns = width / head.Stride;
        int rows = height / head.Stride;
        List<Box> boxes = [];
        for (int anchor = 0; anchor < head.Anchors.Count; anchor++)
        {
            for (int gy = 0; gy < rows; gy++)
            {
                for (int gx = 0; gx < columns; gx++)
                {
                    double Value(int channel) => raw[(((((anchor * (5 + classCount)) + channel) * rows) + gy) * columns) + gx];
                    double[] logits = [.. Enumerable.Range(5, classCount).Select(Value)];
                    if (logits.All(double.IsNaN))
                        continue;
                    int classId = Array.IndexOf(logits, logits.Where(logit => !double.IsNaN(logit)).Max());
                    double score = Sigmoid(Value(4)) * Sigmoid(logits[classId]);
                    double cx = ((2 * Sigmoid(Value(0))) - 0.5 + gx) * head.Stride;
                    double cy = ((2 * Sigmoid(Value(1))) - 0.5 + gy) * head.Stride;
                    double w = Math.Pow(2 * Sigmoid(Value(2)), 2) * head.Anchors[anchor].Width;
                    double h = Math.Pow(2 * Sigmoid(Value(3)), 2) * head.Anchors[anchor].Height;
                    double x1 = Math.Clamp(cx - (w / 2), content.X1, content.X2);
                    double y1 = Math.Clamp(cy - (h / 2), content.Y1, content.Y2);
                    double x2 = Math.Clamp(cx + (w / 2), content.X1, content.X2);
                    double y2 = Math.Clamp(cy + (h / 2), content.Y1, content.Y2);
                    if (score >= minScore && x2 - x1 >= 1 && y2 - y1 >= 1)
                        boxes.Add(new Box(x1, y1, x2, y2, score, classId, firstAnchorIndex + (((anchor * rows) + gy) * columns) + gx));
                }
            }
        }

        return boxes;
    }

    public static List<Candidate> Suppress(IEnumerable<Candidate> candidates, int maxCandidates, double iouThreshold, int maxKept)
    {
        List<Candidate> kept = [];
        foreach (Candidate candidate in candidates.OrderByDescending(box => box.Score).ThenBy(box => box.AnchorIndex).Take(maxCandidates))
        {
            if (kept.Count < maxKept && !kept.Any(other => other.ClassId == candidate.ClassId && Iou(other.Box, candidate.Box) > iouThreshold))
                kept.Add(candidate);
        }

        return kept;
    }

    public static double Iou(CornerBox a, CornerBox b)
    {
        double width = Math.Max(0.0, Math.Min((double)a.X2, b.X2) - Math.Max((double)a.X1, b.X1));
        double height = Math.Max(0.0, Math.Min((double)a.Y2, b.Y2) - Math.Max((double)a.Y1, b.Y1));
        double intersection = width * height;
        return intersection / (Area(a) + Area(b) - intersection);
    }

    private static double Area(CornerBox box) => ((double)box.X2 - box.X1) * ((double)box.Y2 - box.Y1);

    private static double Sigmoid(double value) => 1 / (1 + Math.Exp(-value));
}

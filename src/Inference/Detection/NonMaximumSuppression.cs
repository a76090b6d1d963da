using System.Numerics;

namespace YMaskNet.Inference.Detection;

/// <summary>
/// Greedy suppression, best first: a box is left out when a kept one <em>of its class</em> overlaps it with an IoU above the
/// threshold. One thread owns an instance; it allocates nothing after its construction.
/// </summary>
internal sealed class NonMaximumSuppression
{
    // The kept boxes, one array per coordinate, so that a candidate is compared with several of them at once. They are padded
    // by a vector: what lies beyond the count is of no class (-1).
    private readonly float[] _x1;
    private readonly float[] _y1;
    private readonly float[] _x2;
    private readonly float[] _y2;
    private readonly float[] _area;
    private readonly int[] _classId;
    private readonly Candidate[] _kept;

    /// <param name="maxKept">Most boxes that are kept of an image.</param>
    public NonMaximumSuppression(int maxKept)
    {
        int padded = maxKept + Vector<float>.Count;
        _x1 = new float[padded];
        _y1 = new float[padded];
        _x2 = new float[padded];
        _y2 = new float[padded];
        _area = new float[padded];
        _classId = new int[padded];
        _kept = new Candidate[maxKept];
    }

    /// <summary>The first <paramref name="maxKept"/> that nothing suppresses; valid until the next call.</summary>
    /// <param name="candidates">Best first.</param>
    /// <param name="iouThreshold">Suppressed above it, kept at it. Range: [0, 1].</param>
    /// <param name="maxKept">Range: 1 to the number given at construction.</param>
    public ReadOnlySpan<Candidate> Run(ReadOnlySpan<Candidate> candidates, float iouThreshold, int maxKept)
    {
        _classId.AsSpan().Fill(-1);
        int count = 0;
        foreach (ref readonly Candidate candidate in candidates)
        {
            if (count == maxKept)
                break;
            float area = candidate.Box.Width * candidate.Box.Height;
            if (IsSuppressed(candidate, area, iouThreshold, count))
                continue;
            _x1[count] = candidate.Box.X1;
            _y1[count] = candidate.Box.Y1;
            _x2[count] = candidate.Box.X2;
            _y2[count] = candidate.Box.Y2;
            _area[count] = area;
            _classId[count] = candidate.ClassId;
            _kept[count++] = candidate;
        }

        return _kept.AsSpan(0, count);
    }

    private bool IsSuppressed(in Candidate candidate, float area, float iouThreshold, int keptCount)
    {
        Vector<float> x1 = new(candidate.Box.X1);
        Vector<float> y1 = new(candidate.Box.Y1);
        Vector<float> x2 = new(candidate.Box.X2);
        Vector<float> y2 = new(candidate.Box.Y2);
        Vector<float> areas = new(area);
        Vector<float> threshold = new(iouThreshold);
        Vector<int> classId = new(candidate.ClassId);
        for (int index = 0; index < keptCount; index += Vector<float>.Count)
        {
            Vector<float> width = Vector.Min(x2, new Vector<float>(_x2, index)) - Vector.Max(x1, new Vector<float>(_x1, index));
            Vector<float> height = Vector.Min(y2, new Vector<float>(_y2, index)) - Vector.Max(y1, new Vector<float>(_y1, index));
            Vector<float> intersection = Vector.Max(width, Vector<float>.Zero) * Vector.Max(height, Vector<float>.Zero);
            Vector<float> iou = intersection / (areas + new Vector<float>(_area, index) - intersection);

            // A comparison with NaN is false: such boxes suppress nothing.
            Vector<int> suppresses = Vector.GreaterThan(iou, threshold) & Vector.Equals(classId, new Vector<int>(_classId, index));
            if (suppresses != Vector<int>.Zero)
                return true;
        }

        return false;
    }
}

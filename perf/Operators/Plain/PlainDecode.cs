using YMaskNet.Inference.Detection;
using YMaskNet.Inference.Models;

namespace YMaskNet.Perf.Operators.Plain;

/// <summary>Anchor decode cell by cell: every score is computed, then compared.</summary>
internal static class PlainDecode
{
    public static int Run(AnchorHead head, int columns, int classCount, ReadOnlySpan<float> raw, float minScore, Span<Candidate> found)
    {
        int plane = raw.Length / (head.Anchors.Count * (5 + classCount));
        int count = 0;
        for (int anchor = 0; anchor < head.Anchors.Count; anchor++)
        {
            ReadOnlySpan<float> channels = raw[(anchor * (5 + classCount) * plane)..];
            for (int cell = 0; cell < plane; cell++)
            {
                int classId = 0;
                for (int candidate = 1; candidate < classCount; candidate++)
                {
                    if (channels[((5 + candidate) * plane) + cell] > channels[((5 + classId) * plane) + cell])
                        classId = candidate;
                }

                float score = Sigmoid(channels[(4 * plane) + cell]) * Sigmoid(channels[((5 + classId) * plane) + cell]);
                if (score < minScore)
                    continue;
                float x = ((2f * Sigmoid(channels[cell])) - 0.5f + (cell % columns)) * head.Stride;
                float y = ((2f * Sigmoid(channels[plane + cell])) - 0.5f + (cell / columns)) * head.Stride;
                float halfWidth = MathF.Pow(2f * Sigmoid(channels[(2 * plane) + cell]), 2f) * head.Anchors[anchor].Width / 2f;
                float halfHeight = MathF.Pow(2f * Sigmoid(channels[(3 * plane) + cell]), 2f) * head.Anchors[anchor].Height / 2f;
                found[count++] = new Candidate(
                    new CornerBox(x - halfWidth, y - halfHeight, x + halfWidth, y + halfHeight), score, classId, (anchor * plane) + cell);
            }
        }

        return count;
    }

    private static float Sigmoid(float value) => 1f / (1f + MathF.Exp(-value));
}

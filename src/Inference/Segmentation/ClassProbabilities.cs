using System.Numerics.Tensors;

namespace YMaskNet.Inference.Segmentation;

/// <summary>The second stage's judgement of a region: <c>[classes + 1]</c> logits, the last of the background.</summary>
internal static class ClassProbabilities
{
    /// <summary>Softmax of one class; NaN where a logit is NaN or plus infinity.</summary>
    public static float Of(int classId, ReadOnlySpan<float> logits)
    {
        float largest = TensorPrimitives.Max(logits);
        float sum = 0f;
        foreach (float logit in logits)
            sum += MathF.Exp(logit - largest);
        return MathF.Exp(logits[classId] - largest) / sum;
    }

    /// <summary>The class with the largest logit, the first of equals, background left out; 0 where all are NaN.</summary>
    public static int Best(ReadOnlySpan<float> logits)
    {
        int best = 0;
        float largest = float.NegativeInfinity;
        for (int classId = 0; classId < logits.Length - 1; classId++)
        {
            if (logits[classId] > largest)
            {
                largest = logits[classId];
                best = classId;
            }
        }

        return best;
    }
}

using YMaskNet.Inference.Detection;
using YMaskNet.Inference.Models;

namespace YMaskNet.Inference.Segmentation;

/// <summary>Applies the second stage's box deltas, scaled as the manifest says.</summary>
internal sealed class BoxRefinement(RefinementDescription refinement)
{
    private readonly float[] _weights = [.. refinement.DeltaWeights];
    private readonly float _clamp = refinement.LogScaleClamp;

    /// <summary>The moved and stretched box; not finite where a delta is not.</summary>
    /// <param name="box">The box that the region was cut from.</param>
    /// <param name="deltas">dx, dy, dw, dh.</param>
    public CornerBox Apply(in CornerBox box, ReadOnlySpan<float> deltas)
    {
        float width = box.Width;
        float height = box.Height;
        float centreX = box.X1 + (width / 2f) + (deltas[0] / _weights[0] * width);
        float centreY = box.Y1 + (height / 2f) + (deltas[1] / _weights[1] * height);
        float halfWidth = width * MathF.Exp(Math.Clamp(deltas[2] / _weights[2], -_clamp, _clamp)) / 2f;
        float halfHeight = height * MathF.Exp(Math.Clamp(deltas[3] / _weights[3], -_clamp, _clamp)) / 2f;
        return new CornerBox(centreX - halfWidth, centreY - halfHeight, centreX + halfWidth, centreY + halfHeight);
    }
}

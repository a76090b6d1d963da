using YMaskNet.Inference.Detection;
using YMaskNet.Inference.Models;
using YMaskNet.Inference.Segmentation;

namespace YMaskNet.Inference.Tests.Segmentation;

public sealed class BoxRefinementTests
{
    private static readonly RefinementDescription Refinement = new()
    {
        MaskTensor = "m", MaskSize = 28, MaskThreshold = 0.5f, ClassTensor = "c", DeltaTensor = "d",
        DeltaWeights = [10f, 8f, 5f, 4f], LogScaleClamp = 1f, Score = ScoreRule.GeometricMean,
    };

    [Fact]
    public void Apply_RandomDeltas_MatchesDoubleReference()
    {
        Random random = new(3);
        float Next(double range) => (float)((random.NextDouble() - 0.5) * range);
        for (int trial = 0; trial < 200; trial++)
        {
            float x1 = Next(100) + 50f;
            float y1 = Next(100) + 50f;
            CornerBox box = new(x1, y1, x1 + 1f + Math.Abs(Next(80)), y1 + 1f + Math.Abs(Next(80)));
            float[] deltas = [Next(20), Next(20), Next(14), Next(14)];

            CornerBox refined = new BoxRefinement(Refinement).Apply(box, deltas);

            double w = (double)box.X2 - box.X1;
            double h = (double)box.Y2 - box.Y1;
            double cx = ((double)box.X1 + box.X2) / 2 + (deltas[0] / 10.0 * w);
            double cy = ((double)box.Y1 + box.Y2) / 2 + (deltas[1] / 8.0 * h);
            double width = w * Math.Exp(Math.Clamp(deltas[2] / 5.0, -1, 1));
            double height = h * Math.Exp(Math.Clamp(deltas[3] / 4.0, -1, 1));
            Assert.Equal(cx - (width / 2), refined.X1, 1e-3);
            Assert.Equal(cy - (height / 2), refined.Y1, 1e-3);
            Assert.Equal(cx + (width / 2), refined.X2, 1e-3);
            Assert.Equal(cy + (height / 2), refined.Y2, 1e-3);
        }
    }

    [Fact]
    public void Apply_ZeroDeltas_ChangesNothing()
    {
        CornerBox box = new(10f, 20f, 40f, 60f);

        Assert.Equal(box, new BoxRefinement(Refinement).Apply(box, [0f, 0f, 0f, 0f]));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Apply_NaNDelta_GivesABoxThatIsLeftOut(int index)
    {
        float[] deltas = new float[4];
        deltas[index] = float.NaN;

        CornerBox refined = new BoxRefinement(Refinement).Apply(new CornerBox(10f, 20f, 40f, 60f), deltas);

        Assert.False(refined.ClippedTo(new CornerBox(0f, 0f, 64f, 64f)).IsAtLeastOnePixel);
    }
}

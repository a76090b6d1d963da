using YMaskNet.Inference.Detection;
using YMaskNet.Inference.Results;
using YMaskNet.Inference.Segmentation;

namespace YMaskNet.Inference.Tests.Segmentation;

public sealed class MaskPasterTests
{
    private const int Size = 28;

    [Theory]
    [InlineData(0.5f)]
    [InlineData(0.3f)]
    public void Paste_RandomMasksAndBoxes_MatchesDoubleReference(float threshold)
    {
        Random random = new(17);
        MaskPaster paster = new(Size, threshold);
        for (int trial = 0; trial < 60; trial++)
        {
            float[] logits = [.. Enumerable.Range(0, Size * Size).Select(_ => (float)((random.NextDouble() * 8) - 4))];
            float x1 = (float)random.NextDouble() * 50f;
            float y1 = (float)random.NextDouble() * 50f;
            CornerBox box = new(x1, y1, x1 + 0.1f + ((float)random.NextDouble() * 90f), y1 + 0.1f + ((float)random.NextDouble() * 90f));

            BinaryMask mask = paster.Paste(logits, box);

            Assert.Equal(((int)Math.Floor(box.X1), (int)Math.Floor(box.Y1)), (mask.X, mask.Y));
            Assert.Equal((int)Math.Ceiling(box.X2) - mask.X, mask.Width);
            Assert.Equal((int)Math.Ceiling(box.Y2) - mask.Y, mask.Height);
            for (int row = 0; row < mask.Height; row++)
            {
                for (int column = 0; column < mask.Width; column++)
                {
                    // Values that rounding puts on one side of the threshold or the other prove nothing.
                    double value = Probability(logits, box, mask.X + column, mask.Y + row);
                    if (Math.Abs(value - threshold) > 1e-5)
                        Assert.Equal(value > threshold, mask[column, row]);
                }
            }
        }
    }

    [Fact]
    public void Paste_MaskFullOfOnes_FillsTheBoxToItsRim()
    {
        float[] logits = new float[Size * Size];
        Array.Fill(logits, 5f);

        BinaryMask mask = new MaskPaster(Size, 0.5f).Paste(logits, new CornerBox(3.2f, 4.7f, 13.1f, 9f));

        Assert.Equal((3, 4, 11, 5), (mask.X, mask.Y, mask.Width, mask.Height));
        Assert.Equal(11 * 5, mask.Area);
    }

    [Theory]
    [InlineData(float.NaN, 0)]
    [InlineData(float.NegativeInfinity, 0)]
    [InlineData(float.PositiveInfinity, 100)]
    public void Paste_LogitsThatAreNotFinite_AreInsideOrOutside(float logit, long area)
    {
        float[] logits = new float[Size * Size];
        Array.Fill(logits, logit);

        Assert.Equal(area, new MaskPaster(Size, 0.5f).Paste(logits, new CornerBox(0f, 0f, 10f, 10f)).Area);
    }

    [Fact]
    public void Paste_BoxWithoutExtent_GivesAnEmptyMask()
    {
        float[] logits = new float[Size * Size];
        Array.Fill(logits, 5f);

        Assert.Equal(0, new MaskPaster(Size, 0.5f).Paste(logits, new CornerBox(5f, 5f, 5f, 5f)).Area);
    }

    [Fact]
    public void Paste_ProbabilityAtTheThreshold_IsOutside() =>
        Assert.Equal(0, new MaskPaster(Size, 0.5f).Paste(new float[Size * Size], new CornerBox(0f, 0f, 28f, 28f)).Area);

    private static double Probability(float[] logits, CornerBox box, int x, int y)
    {
        double u = Math.Clamp(((x + 0.5 - box.X1) / ((double)box.X2 - box.X1) * Size) - 0.5, 0, Size - 1);
        double v = Math.Clamp(((y + 0.5 - box.Y1) / ((double)box.Y2 - box.Y1) * Size) - 0.5, 0, Size - 1);
        int u0 = (int)u;
        int v0 = (int)v;
        int u1 = Math.Min(u0 + 1, Size - 1);
        int v1 = Math.Min(v0 + 1, Size - 1);
        double Cell(int column, int row) => 1 / (1 + Math.Exp(-logits[(row * Size) + column]));
        double top = (Cell(u0, v0) * (1 - (u - u0))) + (Cell(u1, v0) * (u - u0));
        double bottom = (Cell(u0, v1) * (1 - (u - u0))) + (Cell(u1, v1) * (u - u0));
        return (top * (1 - (v - v0))) + (bottom * (v - v0));
    }
}

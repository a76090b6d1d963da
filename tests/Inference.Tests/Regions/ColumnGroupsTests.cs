using YMaskNet.Inference.Regions;

namespace YMaskNet.Inference.Tests.Regions;

public sealed class ColumnGroupsTests
{
    private const int Width = 160;

    [Theory]
    [InlineData(14, 2)]
    [InlineData(56, 1)]
    [InlineData(7, 3)]
    [InlineData(1, 1)]
    public void Sum_RandomAxes_EqualsTheLoopOverTheTapsBitForBit(int binCount, int samplingRatio)
    {
        Random random = new(binCount);
        SampleAxis axis = new(binCount, samplingRatio);
        ColumnGroups groups = new(binCount, axis.TapCount);
        float[] row = new float[Width + ColumnGroups.Padding];
        float[] sums = new float[groups.PaddedBinCount];
        int vectorised = 0;
        for (int trial = 0; trial < 300; trial++)
        {
            axis.Place(((float)random.NextDouble() * Width * 1.2f) - (0.1f * Width), (float)random.NextDouble() * 60f, Width);
            for (int column = 0; column < row.Length; column++)
                row[column] = column >= Width ? float.NaN : random.Next(50) == 0 ? float.PositiveInfinity : random.NextSingle() - 0.5f;

            if (!groups.TryPlace(axis))
                continue;
            vectorised++;
            groups.Sum(row, sums);

            for (int bin = 0; bin < binCount; bin++)
            {
                float expected = 0f;
                for (int tap = bin * axis.TapCount; tap < (bin + 1) * axis.TapCount; tap++)
                    expected += axis.Weights[tap] * row[axis.Indices[tap]];
                Assert.True(
                    BitConverter.SingleToInt32Bits(expected) == BitConverter.SingleToInt32Bits(sums[bin]) || (float.IsNaN(expected) && float.IsNaN(sums[bin])),
                    $"Trial {trial}, bin {bin}: the loop gives {expected:R}, the vectors {sums[bin]:R}.");
            }
        }

        if (ColumnGroups.Padding > 0)
            Assert.InRange(vectorised, 50, 300);
    }

    [Fact]
    public void TryPlace_GroupWiderThanItsRegisters_LeftToTheLoop()
    {
        SampleAxis axis = new(14, 2);
        axis.Place(0f, Width, Width);

        Assert.False(new ColumnGroups(14, axis.TapCount).TryPlace(axis));
    }
}

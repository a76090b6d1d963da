using YMaskNet.Inference.Detection;
using YMaskNet.Inference.Models;
using YMaskNet.Inference.Regions;

namespace YMaskNet.Inference.Tests.Regions;

public sealed class RoiAlignTests
{
    private const int Width = 23;
    private const int Height = 17;
    private const int Channels = 3;

    public static TheoryData<int, int, int, float> Inputs => new()
    {
        // outputSize, samplingRatio, unshuffle, spatialScale
        { 14, 2, 1, 0.25f },
        { 14, 1, 1, 1f },
        { 8, 3, 2, 0.5f },
        { 56, 1, 4, 1f },
        { 1, 2, 1, 0.25f },
    };

    [Theory]
    [MemberData(nameof(Inputs))]
    public void Run_RandomBoxes_MatchesDoubleReference(int outputSize, int samplingRatio, int unshuffle, float spatialScale)
    {
        RegionInput input = Input(outputSize, samplingRatio, unshuffle, spatialScale);
        float[] source = RandomSource(seed: 3);
        Random random = new(5);
        RoiAlign align = new(input, Width, Height);
        float[] output = new float[align.OutputLength];
        for (int trial = 0; trial < 60; trial++)
        {
            float x1 = (float)((random.NextDouble() * 1.2) - 0.1) * Width / spatialScale;
            float y1 = (float)((random.NextDouble() * 1.2) - 0.1) * Height / spatialScale;
            float width = (float)random.NextDouble() * Width / spatialScale;
            float height = (float)random.NextDouble() * Height / spatialScale;
            CornerBox box = new(x1, y1, x1 + width, y1 + height);

            align.Run(source, box, output);

            AssertMatches(input, source, box, output);
        }
    }

    public static TheoryData<float, float, float, float> BorderBoxes => new()
    {
        { 0f, 0f, Width, Height },
        { 0f, 0f, 1f, 1f },
        { Width - 1f, Height - 1f, Width, Height },
        { -30f, -30f, 60f, 60f },
        { -40f, -40f, -10f, -10f },
        { Width, Height, Width + 0.5f, Height + 0.5f },
        { 5f, 6f, 5f, 6f },
        { 0f, 0f, 0f, 0f },
    };

    [Theory]
    [MemberData(nameof(BorderBoxes))]
    public void Run_BoxOnOrOverTheBorder_MatchesDoubleReference(float x1, float y1, float x2, float y2)
    {
        foreach (RegionInput input in new[] { Input(14, 2, 1, 1f), Input(8, 1, 4, 1f) })
        {
            float[] source = RandomSource(seed: 11);
            RoiAlign align = new(input, Width, Height);
            float[] output = new float[align.OutputLength];
            Array.Fill(output, 99f);

            align.Run(source, new CornerBox(x1, y1, x2, y2), output);

            AssertMatches(input, source, new CornerBox(x1, y1, x2, y2), output);
        }
    }

    [Fact]
    public void Run_ConstantSource_GivesTheConstantInside()
    {
        RegionInput input = Input(14, 2, 1, 1f);
        float[] source = new float[Channels * Width * Height];
        Array.Fill(source, 3.5f);
        float[] output = new float[Channels * 14 * 14];

        new RoiAlign(input, Width, Height).Run(source, new CornerBox(2f, 3f, 19f, 11f), output);

        Assert.All(output, value => Assert.Equal(3.5f, value, 1e-5f));
    }

    [Fact]
    public void Run_NaNBox_GivesZeros()
    {
        float[] output = new float[Channels * 14 * 14];
        Array.Fill(output, 99f);

        new RoiAlign(Input(14, 2, 1, 1f), Width, Height)
            .Run(RandomSource(seed: 1), new CornerBox(float.NaN, float.NaN, float.NaN, float.NaN), output);

        Assert.All(output, value => Assert.Equal(0f, value));
    }

    [Fact]
    public void Run_Unshuffle_OrdersChannelsAsPixelUnshuffle()
    {
        // Over a source equal to its column plus 100 times its row, bins of one pixel give their own position.
        RegionInput input = Input(4, 1, 2, 1f) with { Channels = 1 };
        float[] source = new float[Width * Height];
        for (int y = 0; y < Height; y++)
        {
            for (int x = 0; x < Width; x++)
                source[(y * Width) + x] = x + (100 * y);
        }

        float[] output = new float[16];
        new RoiAlign(input, Width, Height).Run(source, new CornerBox(0f, 0f, 4f, 4f), output);

        Assert.Equal([0f, 2f, 200f, 202f, 1f, 3f, 201f, 203f, 100f, 102f, 300f, 302f, 101f, 103f, 301f, 303f], output);
    }

    private static void AssertMatches(RegionInput input, float[] source, CornerBox box, float[] output)
    {
        double[] expected = SlowRoiAlign.Run(input, source, Width, Height, box);
        Assert.Equal(expected.Length, output.Length);
        for (int index = 0; index < expected.Length; index++)
            Assert.Equal(expected[index], output[index], 2e-4);
    }

    private static RegionInput Input(int outputSize, int samplingRatio, int unshuffle, float spatialScale) => new()
    {
        Source = RegionSource.Features,
        Tensor = "p2",
        Channels = Channels,
        SpatialScale = spatialScale,
        OutputSize = outputSize,
        SamplingRatio = samplingRatio,
        Unshuffle = unshuffle,
    };

    private static float[] RandomSource(int seed)
    {
        Random random = new(seed);
        float[] source = new float[Channels * Width * Height];
        for (int index = 0; index < source.Length; index++)
            source[index] = (float)((random.NextDouble() * 2) - 1);
        return source;
    }
}

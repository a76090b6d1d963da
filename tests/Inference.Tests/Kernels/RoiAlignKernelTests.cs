using YMaskNet.Inference.Detection;
using YMaskNet.Inference.Gpu.Kernels;
using YMaskNet.Inference.Models;
using YMaskNet.Inference.Regions;

namespace YMaskNet.Inference.Tests.Kernels;

/// <summary>The kernel that cuts regions gives what <see cref="RoiAlign"/> does, to the last bit.</summary>
public sealed class RoiAlignKernelTests
{
    private const int Width = 43;
    private const int Height = 37;
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
    public void RoiAlign_RandomBoxes_EqualsTheCpuOperator(int outputSize, int samplingRatio, int unshuffle, float spatialScale)
    {
        RegionInput input = new()
        {
            Source = RegionSource.Features, Tensor = "f", Channels = Channels, SpatialScale = spatialScale,
            OutputSize = outputSize, SamplingRatio = samplingRatio, Unshuffle = unshuffle,
        };
        Random random = new(outputSize);
        float[] source = [.. Enumerable.Range(0, Channels * Width * Height).Select(_ => (float)((random.NextDouble() * 6) - 3))];
        KernelRegion[] regions = [.. Boxes(random, Width / spatialScale, Height / spatialScale).Select(box => new KernelRegion { NetworkBox = box })];
        RoiAlign align = new(input, Width, Height);

        float[] actual = Run(input, source, regions);

        float[] expected = new float[align.OutputLength];
        for (int index = 0; index < regions.Length; index++)
        {
            align.Run(source, regions[index].NetworkBox, expected);
            for (int value = 0; value < expected.Length; value++)
            {
                float found = actual[(index * expected.Length) + value];
                Assert.True(expected[value] == found, $"{regions[index].NetworkBox}, value {value}: {found} instead of {expected[value]}.");
            }
        }
    }

    private static IEnumerable<CornerBox> Boxes(Random random, float width, float height)
    {
        yield return new CornerBox(0f, 0f, width, height);
        yield return new CornerBox(-30f, -30f, 60f, 60f);
        yield return new CornerBox(width - 1f, height - 1f, width, height);
        yield return new CornerBox(-90f, -90f, -70f, -70f);
        yield return new CornerBox(5f, 6f, 5f, 6f);
        yield return new CornerBox(float.NaN, 0f, 5f, float.NaN);
        for (int trial = 0; trial < 20; trial++)
        {
            float x1 = (float)((random.NextDouble() * 1.2) - 0.1) * width;
            float y1 = (float)((random.NextDouble() * 1.2) - 0.1) * height;
            yield return new CornerBox(x1, y1, x1 + ((float)random.NextDouble() * width), y1 + ((float)random.NextDouble() * height));
        }
    }

    private static float[] Run(RegionInput input, float[] source, KernelRegion[] regions)
    {
        using DeviceArray<float> values = new(source);
        using DeviceArray<KernelRegion> deviceRegions = new(regions);
        using DeviceArray<int> list = new([.. Enumerable.Range(0, regions.Length)]);
        using DeviceArray<int> count = new([regions.Length]);
        using DeviceArray<float> output = new(regions.Length * Channels * input.OutputSize * input.OutputSize);
        KernelRegionInput parameters = new()
        {
            LevelCount = 1,
            Channels = Channels,
            OutputSize = input.OutputSize,
            SamplingRatio = input.SamplingRatio,
            Unshuffle = input.Unshuffle,
            TotalChannels = input.UnshuffledChannels,
        };
        parameters.Levels[0] = new KernelRegionLevel(values.Address, Height, Width, input.SpatialScale, 0);
        EmulatedKernels.Launch(
            "roi_align_f32_f32", (2, regions.Length, 1), (256, 1), 32 * input.OutputSize * input.SamplingRatio, deviceRegions.Address, list.Address,
            count.Address, new KernelRegionChunk(0, regions.Length), parameters, output.Address);
        return output.Values.ToArray();
    }
}

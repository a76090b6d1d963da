using System.Runtime.InteropServices;
using YMaskNet.Inference.Detection;
using YMaskNet.Inference.Gpu.Kernels;
using YMaskNet.Inference.Models;
using YMaskNet.Inference.Regions;
using YMaskNet.Perf.Gpu.Machines;

namespace YMaskNet.Perf.Gpu.Verification.Cases;

/// <summary>
/// Regions cut from their sources: the same bits as <see cref="RoiAlign"/>; half-precision sources widened before, half-precision
/// results rounded after.
/// </summary>
internal static class RoiAlignCases
{
    private const int SlotCount = 2;
    private const int SourceWidth = 23;
    private const int SourceHeight = 17;

    private static readonly (int Bins, int Ratio, int Unshuffle, float Scale)[] Shapes =
        [(14, 2, 1, 0.25f), (7, 1, 1, 1f), (8, 3, 2, 0.5f), (16, 1, 4, 1f), (1, 2, 1, 0.25f), (6, 5, 3, 1f)];

    public static IEnumerable<KernelCase> All() =>
        Random<float, float>("roi_align_f32_f32").Concat(Random<Half, float>("roi_align_f16_f32"))
            .Concat(Random<float, Half>("roi_align_f32_f16")).Concat(Random<Half, Half>("roi_align_f16_f16")).Concat(Special());

    private static IEnumerable<KernelCase> Random<TSource, TTarget>(string kernel)
        where TSource : unmanaged, IEquatable<TSource>
        where TTarget : unmanaged, IEquatable<TTarget>
    {
        Random random = new(3);
        foreach ((int bins, int ratio, int unshuffle, float scale) in Shapes)
        {
            RegionInput input = CaseModels.Region(channels: 3, bins, ratio, unshuffle, scale);
            float[] source = Rounded<TSource>(random.Floats(SlotCount * 3 * SourceHeight * SourceWidth, -3f, 3f));
            KernelRegion[] regions = RandomRegions(random, 12, SourceWidth / scale, SourceHeight / scale);
            yield return Create<TSource, TTarget>(
                kernel,
                FormattableString.Invariant($"{bins} bins of {ratio} samples, unshuffled by {unshuffle}, scale {scale}"),
                input,
                source,
                regions,
                new KernelRegionChunk(0, 12),
                grid: (2, 5));
        }
    }

    private static IEnumerable<KernelCase> Special()
    {
        Random random = new(11);
        float[] source = random.Floats(SlotCount * 2 * SourceHeight * SourceWidth, -3f, 3f);
        CornerBox[] border =
        [
            new(0, 0, 23, 17), new(0, 0, 1, 1), new(22, 16, 23, 17), new(-30, -30, 60, 60), new(-40, -40, -10, -10), new(5, 6, 5, 6),
            new(0, 0, 0, 0), new(23, 17, 23.5f, 17.5f), new(-1, -1, 0, 0), new(-0.5f, 3, 0.5f, 4), new(22.5f, 16.5f, 24.5f, 18.5f), new(9, 9, 4, 3),
        ];
        foreach (int unshuffle in new[] { 1, 4 })
        {
            yield return Float(
                FormattableString.Invariant($"boxes on and over the border, unshuffled by {unshuffle}"),
                CaseModels.Region(2, 8, 2, unshuffle, 1f),
                source,
                [.. border.Select(box => RegionAt(box, slot: 1))],
                new KernelRegionChunk(0, 100),
                grid: (1, 100));
        }

        RegionInput small = CaseModels.Region(2, 4, 2, 1, 1f);
        CornerBox[] notFinite =
        [
            new(float.NaN, float.NaN, float.NaN, float.NaN), new(0, 0, float.PositiveInfinity, float.PositiveInfinity),
            new(float.NegativeInfinity, 2, 5, 6), new(3, 4, float.NaN, 9),
        ];
        yield return Zeros("boxes that are not finite", small, source, [.. notFinite.Select(box => RegionAt(box, slot: 0))]);

        KernelRegion[] seven = RandomRegions(random, 7, SourceWidth, SourceHeight);
        yield return Float("three of seven regions", small, source, seven, new KernelRegionChunk(3, 3), grid: (1, 8));
        yield return Float("the last, shorter chunk of the regions", small, source, seven, new KernelRegionChunk(6, 3), grid: (1, 8));
        yield return Float("no regions", small, source, [], new KernelRegionChunk(0, 1), grid: (4, 16));
        yield return Infinity();
        yield return Levels();
        yield return SharedMemory(random);
    }

    /// <summary>The first and the last row of the source are infinite; no box draws on them with a weight.</summary>
    private static KernelCase Infinity()
    {
        float[] source = new float[SlotCount * SourceHeight * SourceWidth];
        Array.Fill(source, 1f);
        source.AsSpan(0, SourceWidth).Fill(float.PositiveInfinity);
        source.AsSpan((SourceHeight - 1) * SourceWidth, SourceWidth).Fill(float.PositiveInfinity);
        KernelRegion[] regions = [RegionAt(new(1, 2, 2, 3), 0), RegionAt(new(1, -9, 2, -8), 0), RegionAt(new(1, 40, 2, 41), 0)];
        return Float("infinite values without a weight", CaseModels.Region(1, 1, 1, 1, 1f), source, regions, new KernelRegionChunk(0, 3), grid: (1, 1));
    }

    /// <summary>More than 48 KiB of shared memory, which has to be asked for.</summary>
    private static KernelCase SharedMemory(Random random)
    {
        RegionInput input = CaseModels.Region(1, 256, 8, 1, 1f);
        float[] source = random.Floats(SlotCount * SourceHeight * SourceWidth, -3f, 3f);
        return Float("64 KiB of shared memory", input, source, RandomRegions(random, 1, SourceWidth, SourceHeight), new KernelRegionChunk(0, 1), grid: (4, 1));
    }

    private static KernelCase Float(
        string name, RegionInput input, float[] source, KernelRegion[] regions, KernelRegionChunk chunk, (int X, int Y) grid) =>
        Create<float, float>("roi_align_f32_f32", name, input, source, regions, chunk, grid);

    private static KernelCase Create<TSource, TTarget>(
        string kernel, string name, RegionInput input, float[] source, KernelRegion[] regions, KernelRegionChunk chunk, (int X, int Y) grid)
        where TSource : unmanaged, IEquatable<TSource>
        where TTarget : unmanaged, IEquatable<TTarget>
    {
        int length = input.Channels * input.OutputSize * input.OutputSize;
        return new KernelCase(
            kernel,
            name,
            (arrays, outputs) =>
            {
                KernelRegionInput parameters = Parameters(input);
                parameters.Levels[0] = new KernelRegionLevel(
                    arrays.Of<TSource>(Converted<TSource>(source)).Address, SourceHeight, SourceWidth, input.SpatialScale, 0);
                outputs.Add("regions' values", Widened(Run<TTarget>(arrays, kernel, parameters, regions, chunk, chunk.Capacity * length, grid)));
            },
            outputs =>
            {
                int plane = input.Channels * SourceHeight * SourceWidth;
                RoiAlign align = new(input, SourceWidth, SourceHeight);
                float[] expected = Unwritten(chunk.Capacity * length);
                for (int place = 0; place < chunk.Capacity && chunk.First + place < regions.Length; place++)
                {
                    KernelRegion region = regions[chunk.First + place];
                    align.Run(source.AsSpan(region.Slot * plane, plane), region.NetworkBox, expected.AsSpan(place * length, length));
                }

                return Differences.OfFloats(Rounded<TTarget>(expected), outputs.Get<float>("regions' values"), tolerance: 0f);
            });
    }

    private static KernelCase Zeros(string name, RegionInput input, float[] source, KernelRegion[] regions)
    {
        KernelCase aligned = Float(name, input, source, regions, new KernelRegionChunk(0, regions.Length), grid: (1, 4));
        return aligned with
        {
            Difference = outputs => Array.Exists(outputs.Get<float>("regions' values"), value => value != 0f) ? "a value is not 0" : null,
        };
    }

    /// <summary>A pyramid of four levels, each full of its own number: k0 is 4 at 224 pixels.</summary>
    private static KernelCase Levels()
    {
        const int Canonical = 224;
        float[] sides = [0f, 8f, 111.99f, 112f, 112.01f, 223.9f, 224f, 300f, 447.9f, 448f, 895.9f, 896f, 1000f];
        KernelRegion[] regions =
        [
            .. sides.Select(side => RegionAt(new(10f, 12f, 10f + side, 12f + side), slot: 0)), RegionAt(new(20f, 20f, 76f, 244f), slot: 0),
        ];
        RegionInput input = CaseModels.Region(1, 2, 1, 1, 0.25f);
        return new KernelCase(
            "roi_align_f32_f32",
            "regions go to the level of their size",
            (arrays, outputs) =>
            {
                KernelRegionInput parameters = Parameters(input);
                parameters.LevelCount = 4;
                parameters.SecondLevelArea = Canonical * Canonical / 4f;
                for (int level = 0; level < parameters.LevelCount; level++)
                {
                    int extent = 1024 >> (level + 2);
                    float[] values = new float[SlotCount * extent * extent];
                    Array.Fill(values, 2f + level);
                    parameters.Levels[level] = new KernelRegionLevel(arrays.Of<float>(values).Address, extent, extent, 1f / (4 << level), 0);
                }

                outputs.Add("regions' values", Run<float>(
                    arrays, "roi_align_f32_f32", parameters, regions, new KernelRegionChunk(0, regions.Length), regions.Length * 4, (1, 3)));
            },
            outputs => Differences.OfFloats(
                [.. regions.SelectMany(region => Enumerable.Repeat(LevelOf(region.NetworkBox, Canonical), 4))], outputs.Get<float>("regions' values"), 0f));
    }

    private static float LevelOf(in CornerBox box, int canonical)
    {
        double area = ((double)box.X2 - box.X1) * ((double)box.Y2 - box.Y1);
        return (float)Math.Clamp(Math.Floor(4 + Math.Log2(Math.Sqrt(area) / canonical)), 2, 5);
    }

    private static TTarget[] Run<TTarget>(
        KernelArrays arrays, string kernel, KernelRegionInput parameters, KernelRegion[] regions, KernelRegionChunk chunk, int length, (int X, int Y) grid)
        where TTarget : unmanaged
    {
        KernelArray<TTarget> output = arrays.Empty<TTarget>(length);
        arrays.Find(kernel, 256, sharedBytes: 32 * (uint)(parameters.OutputSize * parameters.SamplingRatio))
            .With(arrays.Of<KernelRegion>(regions).Address).With(arrays.Of<int>([.. Enumerable.Range(0, regions.Length)]).Address)
            .With(arrays.Of<int>(regions.Length).Address).With(chunk).With(parameters).With(output.Address).Run(grid.X, grid.Y);
        return output.Read();
    }

    private static KernelRegionInput Parameters(RegionInput input) => new()
    {
        LevelCount = 1,
        Channels = input.Channels,
        OutputSize = input.OutputSize,
        SamplingRatio = input.SamplingRatio,
        Unshuffle = input.Unshuffle,
        TotalChannels = input.UnshuffledChannels,
    };

    private static KernelRegion RegionAt(CornerBox box, int slot) => new(box, box, 1f, 0, 0, slot);

    private static KernelRegion[] RandomRegions(Random random, int count, float width, float height)
    {
        KernelRegion[] regions = new KernelRegion[count];
        foreach (ref KernelRegion region in regions.AsSpan())
        {
            float x = random.Float(-0.1f, 1.1f) * width;
            float y = random.Float(-0.1f, 1.1f) * height;
            region = RegionAt(new(x, y, x + (random.NextSingle() * width), y + (random.NextSingle() * height)), random.Next(SlotCount));
        }

        return regions;
    }

    private static float[] Unwritten(int length)
    {
        float[] values = new float[length];
        Array.Fill(values, float.NaN);
        return values;
    }

    private static T[] Converted<T>(float[] values)
        where T : unmanaged => typeof(T) == typeof(Half)
        ? MemoryMarshal.Cast<Half, T>(Array.ConvertAll(values, value => (Half)value)).ToArray()
        : MemoryMarshal.Cast<float, T>(values).ToArray();

    private static float[] Widened<T>(T[] values)
        where T : unmanaged => typeof(T) == typeof(Half)
        ? Array.ConvertAll(MemoryMarshal.Cast<T, Half>(values).ToArray(), value => (float)value)
        : MemoryMarshal.Cast<T, float>(values).ToArray();

    private static float[] Rounded<T>(float[] values)
        where T : unmanaged => Widened(Converted<T>(values));
}

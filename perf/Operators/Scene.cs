using YMaskNet.Inference.Detection;
using YMaskNet.Inference.Models;

namespace YMaskNet.Perf.Operators;

/// <summary>Data as <c>pcb-ymasknet</c> has them, from a fixed seed.</summary>
internal static class Scene
{
    public const int Side = 640;
    public const int FeatureChannels = 32;
    public const int FeatureSide = Side / 4;
    public const int RegionCount = 32;

    /// <summary>The shared feature map as a region input: 14 x 14 bins, two samples along each side of a bin.</summary>
    public static RegionInput FeatureInput { get; } = new()
    {
        Source = RegionSource.Features,
        Tensor = "p2",
        Channels = FeatureChannels,
        SpatialScale = 0.25f,
        OutputSize = 14,
        SamplingRatio = 2,
        Unshuffle = 1,
    };

    /// <summary>The image as a region input: 56 x 56 bins, folded four by four.</summary>
    public static RegionInput ImageInput { get; } = new()
    {
        Source = RegionSource.Image,
        Channels = 1,
        SpatialScale = 1f,
        OutputSize = 56,
        SamplingRatio = 1,
        Unshuffle = 4,
    };

    /// <summary>Values in [0, 1).</summary>
    public static float[] Values(int count, int seed)
    {
        Random random = new(seed);
        float[] values = new float[count];
        for (int index = 0; index < count; index++)
            values[index] = random.NextSingle();
        return values;
    }

    /// <summary>Boxes of the sizes that defects have on DeepPCB: the root of the area is 25 to 70 pixels.</summary>
    public static CornerBox[] Boxes(int count, int seed)
    {
        Random random = new(seed);
        CornerBox[] boxes = new CornerBox[count];
        for (int index = 0; index < count; index++)
        {
            float side = 25f + (45f * random.NextSingle() * random.NextSingle());
            float aspect = MathF.Exp((random.NextSingle() - 0.5f) * 0.8f);
            float width = side * aspect;
            float height = side / aspect;
            float x = random.NextSingle() * (Side - width);
            float y = random.NextSingle() * (Side - height);
            boxes[index] = new CornerBox(x, y, x + width, y + height);
        }

        return boxes;
    }

    /// <summary>Candidates, best first: clusters of boxes around a few places, as a detector gives them.</summary>
    public static Candidate[] Candidates(int count, int seed)
    {
        Random random = new(seed);
        CornerBox[] places = Boxes(Math.Max(1, count / 12), seed + 1);
        Candidate[] candidates = new Candidate[count];
        for (int index = 0; index < count; index++)
        {
            CornerBox place = places[random.Next(places.Length)];
            float shiftX = (random.NextSingle() - 0.5f) * 12f;
            float shiftY = (random.NextSingle() - 0.5f) * 12f;
            CornerBox box = new(place.X1 + shiftX, place.Y1 + shiftY, place.X2 + shiftX, place.Y2 + shiftY);
            candidates[index] = new Candidate(box, 1f - ((float)index / count), random.Next(6), index);
        }

        return candidates;
    }
}

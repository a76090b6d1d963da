using System.Numerics;
using YMaskNet.Inference;
using YMaskNet.Inference.Results;

namespace YMaskNet.Gpu.Tests.Lanes;

/// <summary>
/// What a GPU lane finds is what the CPU lane finds: the same defects in the same order; scores within 0.0001 and boxes within
/// 0.01 pixels, since the exponential is the kernels' own; masks but for a few pixels at the threshold; class maps exactly.
/// </summary>
internal static class Agreement
{
    private const float ScoreTolerance = 1e-4f;
    private const float BoxTolerance = 0.01f;

    /// <summary>A pixel in so many of a mask may differ, and two of a small one.</summary>
    private const int PixelsForOneDifference = 500;

    /// <summary>Inspects on both, and gives what the GPU found.</summary>
    public static InspectionResult Check(InspectionEngine cpu, InspectionEngine gpu, string model, InspectionRequest request)
    {
        InspectionResult found = Inspect(gpu, model, request);
        Check(Inspect(cpu, model, request), found);
        return found;
    }

    public static InspectionResult Inspect(InspectionEngine engine, string model, InspectionRequest request) =>
        InspectAsync(engine, model, request).GetAwaiter().GetResult();

    public static Task<InspectionResult> InspectAsync(InspectionEngine engine, string model, InspectionRequest request) =>
        Task.Run(() => engine.GetModel(model).InspectAsync(request with { KeepsPixels = true }, CancellationToken.None).AsTask());

    public static void Check(InspectionResult expected, InspectionResult found)
    {
        Assert.Equal((expected.ImageWidth, expected.ImageHeight), (found.ImageWidth, found.ImageHeight));
        Assert.Equal(expected.Defects.Select(defect => defect.ClassName), found.Defects.Select(defect => defect.ClassName));
        for (int index = 0; index < expected.Defects.Count; index++)
            Check(expected.Defects[index], found.Defects[index]);
        Assert.Equal(expected.Classes, found.Classes);
    }

    private static void Check(Defect expected, Defect found)
    {
        Assert.Equal(expected.Score, found.Score, ScoreTolerance);
        Assert.Equal(expected.Box.X, found.Box.X, BoxTolerance);
        Assert.Equal(expected.Box.Y, found.Box.Y, BoxTolerance);
        Assert.Equal(expected.Box.Width, found.Box.Width, BoxTolerance);
        Assert.Equal(expected.Box.Height, found.Box.Height, BoxTolerance);
        Assert.Equal(expected.Mask is null, found.Mask is null);
        if (expected.Mask is BitMask mask)
            Check(mask.Pixels, Assert.IsType<BitMask>(found.Mask).Pixels);
    }

    private static void Check(BinaryMask expected, BinaryMask found)
    {
        Assert.Equal((expected.X, expected.Y, expected.Width, expected.Height), (found.X, found.Y, found.Width, found.Height));
        int differing = 0;
        for (int index = 0; index < expected.Bits.Length; index++)
            differing += BitOperations.PopCount((uint)(expected.Bits[index] ^ found.Bits[index]));
        Assert.InRange(differing, 0, 2 + (expected.Width * expected.Height / PixelsForOneDifference));
    }
}

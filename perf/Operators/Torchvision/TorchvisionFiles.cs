using System.Runtime.InteropServices;
using YMaskNet.Inference.Detection;

namespace YMaskNet.Perf.Operators.Torchvision;

/// <summary>The data that operators.py reads, and the results that it writes.</summary>
internal static class TorchvisionFiles
{
    /// <param name="folder">Where they are to lie.</param>
    /// <param name="features"><c>[channels, side, side]</c> of <see cref="Scene"/>.</param>
    /// <param name="regions">In network pixels.</param>
    /// <param name="candidates">Best first.</param>
    public static void Write(string folder, float[] features, CornerBox[] regions, Candidate[] candidates)
    {
        Write(folder, "features.f32", features);
        Write(folder, "regions.f32", Corners(regions));
        Write(folder, "boxes.f32", Corners([.. candidates.Select(candidate => candidate.Box)]));
        Write(folder, "scores.f32", [.. candidates.Select(candidate => candidate.Score)]);
        Write<long>(folder, "classes.i64", [.. candidates.Select(candidate => (long)candidate.ClassId)]);
    }

    /// <summary>torchvision's RoIAlign: <c>[regions, channels, bins, bins]</c>.</summary>
    public static float[] ReadAligned(string folder) => Read<float>(folder, "aligned.f32");

    /// <summary>The places of the candidates that torchvision kept, best first.</summary>
    public static long[] ReadKept(string folder) => Read<long>(folder, "kept.i64");

    private static float[] Corners(CornerBox[] boxes) => [.. boxes.SelectMany(box => new[] { box.X1, box.Y1, box.X2, box.Y2 })];

    private static void Write<T>(string folder, string name, T[] values)
        where T : unmanaged => File.WriteAllBytes(Path.Combine(folder, name), MemoryMarshal.AsBytes(values.AsSpan()).ToArray());

    private static T[] Read<T>(string folder, string name)
        where T : unmanaged => MemoryMarshal.Cast<byte, T>(File.ReadAllBytes(Path.Combine(folder, name))).ToArray();
}

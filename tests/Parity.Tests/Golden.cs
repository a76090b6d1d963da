using System.Text.Json;
using YMaskNet.Inference.Models;

namespace YMaskNet.Parity.Tests;

/// <summary>What PyTorch found on one image: a line of a file under tests/goldens, written by training/golden.py.</summary>
/// <param name="Image">File name.</param>
/// <param name="Sha256">Of the file; lower-case hex digits.</param>
/// <param name="Width">Unit: pixels.</param>
/// <param name="Height">Unit: pixels.</param>
/// <param name="Model">Name and version.</param>
/// <param name="Defects">
/// Highest score first; for Segment in the order of <paramref name="Rois"/>; absent for a semantic model.
/// </param>
/// <param name="Regions">Of a semantic model: by class, then by area, largest first; absent otherwise.</param>
/// <param name="MinScore">Threshold it was made with; absent for Segment.</param>
/// <param name="MaxDefects">Limit it was made with; absent for Segment.</param>
/// <param name="Rois">The boxes given to Segment; absent otherwise.</param>
internal sealed record Golden(
    string Image,
    string Sha256,
    int Width,
    int Height,
    string Model,
    IReadOnlyList<GoldenDefect> Defects,
    IReadOnlyList<GoldenRegion>? Regions,
    float? MinScore,
    int? MaxDefects,
    IReadOnlyList<GoldenBoxOfInterest>? Rois)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    /// <summary>All lines of the file of a model, a precision and a task.</summary>
    public static IReadOnlyList<Golden> Load(string model, ModelPrecision precision, string task) =>
        [.. File.ReadLines(Repository.GoldenFile(model, precision, task)).Select(line => JsonSerializer.Deserialize<Golden>(line, Json)!)];
}

/// <summary>An expected defect.</summary>
internal sealed record GoldenDefect(string Class, double Score, GoldenBox Box, GoldenMask? Mask);

/// <summary>A box in image pixels.</summary>
internal sealed record GoldenBox(double X, double Y, double Width, double Height);

/// <summary>A compressed COCO run-length mask; <paramref name="Size"/> is height, width.</summary>
internal sealed record GoldenMask(IReadOnlyList<int> Size, string Counts);

/// <summary>A box to outline, with its class or <see langword="null"/> for the best one.</summary>
internal sealed record GoldenBoxOfInterest(GoldenBox Box, string? Class);

/// <summary>An expected region of a semantic model.</summary>
internal sealed record GoldenRegion(string Class, long Area, GoldenBox Box, GoldenPoint Centroid, GoldenMask Mask);

/// <summary>A point in image pixels.</summary>
internal sealed record GoldenPoint(double X, double Y);

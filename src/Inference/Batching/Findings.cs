using YMaskNet.Inference.Results;

namespace YMaskNet.Inference.Batching;

/// <summary>What an <see cref="InspectionResult"/> says of the image.</summary>
/// <param name="Defects"><see cref="InspectionResult.Defects"/>.</param>
/// <param name="Regions"><see cref="InspectionResult.Regions"/>.</param>
/// <param name="ClassMapPng"><see cref="InspectionResult.ClassMapPng"/>.</param>
/// <param name="Classes"><see cref="InspectionResult.Classes"/>.</param>
internal readonly record struct Findings(
    IReadOnlyList<Defect> Defects, IReadOnlyList<Region> Regions, byte[]? ClassMapPng, byte[]? Classes);

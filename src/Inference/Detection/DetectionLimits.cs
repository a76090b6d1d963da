namespace YMaskNet.Inference.Detection;

/// <summary>What of the first stage's candidates goes on.</summary>
/// <param name="MinScore">Candidates below it are left out. Range: [0, 1].</param>
/// <param name="IouThreshold">Of non-maximum suppression. Range: [0, 1].</param>
/// <param name="MaxDefects">Most that are kept. At least 1.</param>
internal readonly record struct DetectionLimits(float MinScore, float IouThreshold, int MaxDefects);

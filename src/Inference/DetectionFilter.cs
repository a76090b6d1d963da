namespace YMaskNet.Inference;

/// <summary>Filters on detections; <see langword="null"/> takes the model's own value.</summary>
/// <param name="MinScore">Defects below this score are left out. Range: [0, 1].</param>
/// <param name="NmsIouThreshold">Of two boxes of one class whose IoU is above this, the lower-scoring one is suppressed. Range: [0, 1].</param>
/// <param name="MaxDefects">At most this many defects, the highest-scoring first. Range: 1 to the model's maximal RoI count.</param>
public sealed record DetectionFilter(float? MinScore = null, float? NmsIouThreshold = null, int? MaxDefects = null)
{
    /// <summary>All values as the model's manifest says.</summary>
    public static DetectionFilter ModelDefaults { get; } = new();
}

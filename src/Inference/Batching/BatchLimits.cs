namespace YMaskNet.Inference.Batching;

/// <summary>How inspections that wait are put together.</summary>
/// <param name="MaxSize">Most inspections in a batch. Range: >= 1.</param>
/// <param name="MaxDelay">How long the oldest may wait for a batch to fill.</param>
internal readonly record struct BatchLimits(int MaxSize, TimeSpan MaxDelay);

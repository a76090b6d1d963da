namespace YMaskNet.Perf.Gpu.Timing;

/// <summary>Medians.</summary>
internal static class Medians
{
    /// <summary>The value in the middle; the mean of both where there is an even number.</summary>
    /// <param name="values">At least one.</param>
    public static double Of(IReadOnlyCollection<double> values)
    {
        double[] sorted = [.. values.Order()];
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }
}

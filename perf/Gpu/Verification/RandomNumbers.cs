namespace YMaskNet.Perf.Gpu.Verification;

/// <summary>Random values that are the same on every machine.</summary>
internal static class RandomNumbers
{
    /// <summary>Values in [low, high).</summary>
    public static float[] Floats(this Random random, int count, float low, float high)
    {
        float[] values = new float[count];
        foreach (ref float value in values.AsSpan())
            value = random.Float(low, high);
        return values;
    }

    /// <summary>A value in [low, high).</summary>
    public static float Float(this Random random, float low, float high) => low + ((high - low) * random.NextSingle());
}

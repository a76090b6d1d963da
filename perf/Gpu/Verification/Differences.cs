namespace YMaskNet.Perf.Gpu.Verification;

/// <summary>First differences in words.</summary>
internal static class Differences
{
    /// <summary>Values further apart than a tolerance; 0: whose bits differ. NaN equals NaN alone.</summary>
    public static string? OfFloats(ReadOnlySpan<float> expected, ReadOnlySpan<float> found, float tolerance)
    {
        if (expected.Length != found.Length)
            return FormattableString.Invariant($"{found.Length} values in place of {expected.Length}");
        for (int index = 0; index < expected.Length; index++)
        {
            if (!AreClose(expected[index], found[index], tolerance))
                return FormattableString.Invariant($"value {index} is {found[index]:R}, expected {expected[index]:R}");
        }

        return null;
    }

    /// <summary>Values that are not the same.</summary>
    public static string? Of<T>(string what, ReadOnlySpan<T> expected, ReadOnlySpan<T> found)
        where T : IEquatable<T>
    {
        if (expected.Length != found.Length)
            return FormattableString.Invariant($"{found.Length} {what} in place of {expected.Length}");
        int same = expected.CommonPrefixLength(found);
        return same == expected.Length ? null : FormattableString.Invariant($"{what} {same} is {found[same]}, expected {expected[same]}");
    }

    /// <summary>Whether two values are the same but for a tolerance.</summary>
    public static bool AreClose(float expected, float found, float tolerance)
    {
        if (float.IsNaN(expected) || float.IsNaN(found))
            return float.IsNaN(expected) && float.IsNaN(found);
        return tolerance == 0f
            ? BitConverter.SingleToUInt32Bits(expected) == BitConverter.SingleToUInt32Bits(found)
            : expected == found || MathF.Abs(expected - found) <= tolerance;
    }
}

using System.Globalization;
using System.Numerics;

namespace YMaskNet.Inference.Models;

/// <summary>Refuses manifest values with a message that names the file, the key, the value and the range.</summary>
/// <param name="file">Path of the manifest.</param>
internal readonly struct ManifestCheck(string file)
{
    public void InRange<T>(string key, T value, T min, T max)
        where T : INumber<T>
    {
        // Written so that NaN fails.
        if (!(value >= min && value <= max))
            throw Refused(key, value, Invariant($"it must be in [{min}, {max}]"));
    }

    public void AboveUpTo(string key, float value, float min, float max)
    {
        if (!(value > min && value <= max))
            throw Refused(key, value, Invariant($"it must be above {min} and at most {max}"));
    }

    public void Finite(string key, float value)
    {
        if (!float.IsFinite(value))
            throw Refused(key, value, "it must be a finite number");
    }

    public void Count<T>(string key, IReadOnlyCollection<T> values, int min, int max)
    {
        if (values.Count < min || values.Count > max)
            throw new ModelPackageException(file, min == max
                ? Invariant($"{key} has {values.Count} entries; it must have {min}")
                : Invariant($"{key} has {values.Count} entries; it must have {min} to {max}"));
    }

    public void Distinct<T>(string key, IEnumerable<T> values)
    {
        HashSet<T> seen = [];
        foreach (T value in values)
        {
            if (!seen.Add(value))
                throw Refused(key, value, "each entry must occur once");
        }
    }

    public void Text(string key, string? value)
    {
        if (string.IsNullOrWhiteSpace(value))
            throw new ModelPackageException(file, $"{key} is empty; it must have a value");
    }

    public void Text(string key, IEnumerable<string?> values)
    {
        int index = 0;
        foreach (string? value in values)
            Text(Invariant($"{key}[{index++}]"), value);
    }

    public void That(bool holds, string message)
    {
        if (!holds)
            throw new ModelPackageException(file, message);
    }

    private ModelPackageException Refused<T>(string key, T value, string range) =>
        new(file, Invariant($"{key} is {value}; {range}"));

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}

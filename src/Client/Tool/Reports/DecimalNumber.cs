using System.Globalization;

namespace YMaskNet.Client.Tool.Reports;

/// <summary>Writes floats for JSON: the shortest digits that read back as the same float, never in scientific notation.</summary>
internal static class DecimalNumber
{
    public static string Format(float value)
    {
        if (!float.IsFinite(value))
            throw new ArgumentOutOfRangeException(nameof(value), value, "JSON has no such number.");

        string shortest = value.ToString("R", CultureInfo.InvariantCulture);
        int exponentMark = shortest.IndexOf('E', StringComparison.Ordinal);
        if (exponentMark < 0)
            return shortest;

        string sign = value < 0 ? "-" : "";
        string mantissa = shortest[sign.Length..exponentMark];
        int exponent = int.Parse(shortest.AsSpan(exponentMark + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        string digits = mantissa.Replace(".", "", StringComparison.Ordinal);
        return exponent < 0
            ? $"{sign}0.{new string('0', -exponent - 1)}{digits}"
            : $"{sign}{digits.PadRight(exponent + 1, '0')}";
    }
}

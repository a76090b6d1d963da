using System.Text.RegularExpressions;

namespace YMaskNet.Perf.Gpu.Reports;

/// <summary>The version of NVIDIA's driver, which its CUDA library does not tell.</summary>
internal static partial class DriverVersion
{
    /// <summary>Where Linux has it.</summary>
    public const string UsualPath = "/proc/driver/nvidia/version";

    /// <summary>For example <c>580.65.06</c>; <see langword="null"/>: there is no such file, or no version in its first line.</summary>
    public static string? Read(string path)
    {
        if (!File.Exists(path))
            return null;
        Match version = Version().Match(File.ReadLines(path).FirstOrDefault(""));
        return version.Success ? version.Value : null;
    }

    [GeneratedRegex(@"(?<=\s)\d+\.\d+(\.\d+)?(?=\s|$)", RegexOptions.CultureInvariant)]
    private static partial Regex Version();
}

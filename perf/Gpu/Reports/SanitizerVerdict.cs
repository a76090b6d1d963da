namespace YMaskNet.Perf.Gpu.Reports;

/// <summary>What a tool of NVIDIA's compute-sanitizer says.</summary>
/// <param name="Tool">memcheck, racecheck, synccheck or initcheck.</param>
/// <param name="HasPassed">Whether it found nothing.</param>
internal sealed record SanitizerVerdict(string Tool, bool HasPassed)
{
    /// <summary>Reads the script's line: the tool, a tab, its exit status.</summary>
    /// <exception cref="InvalidDataException">It is no such line.</exception>
    public static SanitizerVerdict Parse(string line) => line.Split('\t') is [{ Length: > 0 } tool, var status] && int.TryParse(status, out int code)
        ? new SanitizerVerdict(tool, code == 0)
        : throw new InvalidDataException($"'{line}' is not a tool of compute-sanitizer and its exit status.");
}

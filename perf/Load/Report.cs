using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace YMaskNet.Perf.Load;

/// <summary>Prints a load's figures.</summary>
internal static class Report
{
    private static readonly JsonSerializerOptions OneLine = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    /// <summary>For people.</summary>
    public static void Print(LoadResult result, TextWriter output)
    {
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{result.Inspected} inspected in {result.Seconds:F1} s, {result.PerSecond:F1} a second"));
        output.WriteLine($"refused {result.Refused}, dropped {result.Dropped}, late {result.Late}, failed {result.Failed}");
        if (result.FirstFailure is { } failure)
            output.WriteLine($"first failure: {failure}");
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"ms from due to answered: p50 {result.P50:F1}, p95 {result.P95:F1}, p99 {result.P99:F1}, p99.9 {result.P999:F1}, most {result.Max:F1}"));
        if (result.Server is { } server && result.Inspected > 0)
        {
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"server: {server.CpuSeconds * 1000 / result.Inspected:F2} CPU ms and {server.AllocatedBytes / result.Inspected:F0} bytes allocated an inspection, {result.AnswerBytes:F0} of them its answer,"
                + $" {server.Gen2Collections} full collections, {server.ResidentStartBytes >> 20} MB resident before and {server.ResidentEndBytes >> 20} after"));
        }
    }

    /// <summary>For programs: one line of JSON.</summary>
    public static void Append(LoadResult result, string? label, string path) => File.AppendAllText(
        path, JsonSerializer.Serialize(new { Label = label, Result = result }, OneLine) + Environment.NewLine);
}

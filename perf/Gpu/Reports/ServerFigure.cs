using System.Text.Json;

namespace YMaskNet.Perf.Gpu.Reports;

/// <summary>What <c>ymasknet-load</c> measured through the server.</summary>
/// <param name="Label">The script's name of the load: the largest batch, calls in hand, and how frames go over the wire.</param>
/// <param name="PerSecond">Frames a second.</param>
/// <param name="P50">Unit: milliseconds.</param>
/// <param name="P99">Unit: milliseconds.</param>
/// <param name="CpuMilliseconds">The server's processor time of a frame.</param>
/// <param name="Failed">Calls that failed.</param>
/// <param name="FirstFailure">What the first of them said.</param>
internal sealed record ServerFigure(
    string Label, double PerSecond, double? P50, double? P99, double? CpuMilliseconds, long Failed, string? FirstFailure)
{
    /// <summary>Reads a line of <c>ymasknet-load --json</c>.</summary>
    /// <exception cref="InvalidDataException">It is no such line.</exception>
    public static ServerFigure Parse(string line)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(line);
            JsonElement result = document.RootElement.GetProperty("result");
            long inspected = result.GetProperty("inspected").GetInt64();
            double? cpuSeconds = result.TryGetProperty("server", out JsonElement server) ? server.GetProperty("cpu_seconds").GetDouble() : null;
            return new ServerFigure(
                document.RootElement.GetProperty("label").GetString()!,
                result.GetProperty("per_second").GetDouble(),
                Number(result, "p50"),
                Number(result, "p99"),
                inspected > 0 ? cpuSeconds * 1000 / inspected : null,
                result.GetProperty("failed").GetInt64(),
                result.TryGetProperty("first_failure", out JsonElement failure) ? failure.GetString() : null);
        }
        catch (Exception exception) when (exception is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw new InvalidDataException($"'{line}' is not what ymasknet-load writes: {exception.Message}", exception);
        }
    }

    private static double? Number(JsonElement result, string name) =>
        result.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.Number ? value.GetDouble() : null;
}

using System.Text.Json;

namespace YMaskNet.Perf.Gpu.Reports;

/// <summary>The folder into which each part of the check writes what it found, and from which the report is made.</summary>
/// <param name="path">Created if need be.</param>
internal sealed class ReportFolder(string path)
{
    private static readonly JsonSerializerOptions Format = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        WriteIndented = true,
    };

    /// <summary>Writes a part's findings.</summary>
    public void Write<T>(string part, T findings)
    {
        Directory.CreateDirectory(path);
        File.WriteAllText(FileOf(part), JsonSerializer.Serialize(findings, Format) + "\n");
    }

    /// <summary>A part's findings; <see langword="default"/> where the part did not run.</summary>
    /// <exception cref="InvalidDataException">The file is not what this program writes.</exception>
    public T? Read<T>(string part)
        where T : class
    {
        string file = FileOf(part);
        if (!File.Exists(file))
            return null;
        try
        {
            return JsonSerializer.Deserialize<T>(File.ReadAllText(file), Format);
        }
        catch (JsonException exception)
        {
            throw new InvalidDataException($"{file} is not what this program writes: {exception.Message}", exception);
        }
    }

    /// <summary>The lines of a file that another program has written; empty without one.</summary>
    public IReadOnlyList<string> ReadLines(string file) =>
        File.Exists(Path.Combine(path, file)) ? File.ReadAllLines(Path.Combine(path, file)) : [];

    /// <summary>Writes a text.</summary>
    public void WriteText(string file, string text) => File.WriteAllText(Path.Combine(path, file), text);

    private string FileOf(string part) => Path.Combine(path, $"{part}.json");
}

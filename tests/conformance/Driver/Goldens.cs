using System.Text.Encodings.Web;
using System.Text.Json;

namespace YMaskNet.Conformance.Driver;

/// <summary><c>goldens.json</c>: what the cases of the tiny models give, by name.</summary>
internal static class Goldens
{
    private static readonly JsonSerializerOptions Indented = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private static string FilePath => Repository.At("tests", "conformance", "goldens.json");

    public static Dictionary<string, string[]> Read() =>
        JsonSerializer.Deserialize<Dictionary<string, string[]>>(File.ReadAllText(FilePath))!;

    public static void Write(Dictionary<string, string[]> goldens) =>
        File.WriteAllText(FilePath, JsonSerializer.Serialize(goldens, Indented) + "\n");
}

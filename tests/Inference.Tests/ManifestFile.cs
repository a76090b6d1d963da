using System.Text.Json.Nodes;

namespace YMaskNet.Inference.Tests;

/// <summary>Changes a <c>model.json</c> on disk.</summary>
internal static class ManifestFile
{
    public static JsonObject Read(string folder) => JsonNode.Parse(File.ReadAllText(FilePath(folder)))!.AsObject();

    public static void Change(string folder, Action<JsonObject> change)
    {
        JsonObject root = Read(folder);
        change(root);
        File.WriteAllText(FilePath(folder), root.ToJsonString());
    }

    /// <summary>Sets the value at a path of keys and indices, for example <c>detection.heads.0.stride</c>.</summary>
    public static void Set(string folder, string path, JsonNode? value) => Change(folder, root =>
    {
        string[] keys = path.Split('.');
        JsonNode parent = root;
        foreach (string key in keys[..^1])
            parent = int.TryParse(key, out int index) ? parent[index]! : parent[key]!;
        parent[keys[^1]] = value;
    });

    private static string FilePath(string folder) => Path.Combine(folder, "model.json");
}

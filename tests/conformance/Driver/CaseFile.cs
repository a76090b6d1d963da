using System.Text.Json;
using System.Text.Json.Nodes;

namespace YMaskNet.Conformance.Driver;

/// <summary><c>cases.json</c>, and what clients get of it: images and messages as files, addresses in place of servers.</summary>
internal sealed class CaseFile
{
    private readonly JsonNode _suite;
    private readonly string _folder;
    private readonly JsonObject _images = [];

    /// <summary>Reads the file, and writes its images.</summary>
    /// <param name="folder">A folder of the suite's own.</param>
    public CaseFile(string folder)
    {
        _folder = folder;
        _suite = JsonNode.Parse(File.ReadAllText(Repository.At("tests", "conformance", "cases.json")))!;
        Directory.CreateDirectory(Path.Combine(folder, "images"));
        foreach ((string name, JsonNode? described) in _suite["images"]!.AsObject())
            _images[name] = CaseImageFiles.Write(described!, Path.Combine(folder, "images", name));
        Cases = [.. _suite["cases"]!.AsArray().Select(item => item!)];
    }

    /// <summary>The cases as they are written.</summary>
    public IReadOnlyList<JsonNode> Cases { get; }

    /// <summary>Reasons that no case has, and why.</summary>
    public IReadOnlyDictionary<string, string> ReasonsWithoutACase =>
        _suite["reasons_without_a_case"]!.AsObject().ToDictionary(pair => pair.Key, pair => (string)pair.Value!);

    /// <summary>The path of an image.</summary>
    public string ImagePath(string name) => (string)_images[name]!["path"]!;

    /// <summary>Why a client does not offer what a case does; <see langword="null"/> where it does.</summary>
    public string? WhyNotOffered(JsonNode item, string client)
    {
        foreach (JsonNode? rule in _suite["not_offered"]!.AsArray())
        {
            if ((string)rule!["client"]! == client
                && (string?)item[(string)rule["key"]!] is { } value
                && rule["values"]!.AsArray().GetValues<string>().Contains(value))
                return (string)rule["why"]!;
        }

        return null;
    }

    /// <summary>Writes the file that a client's runner reads, and returns its path.</summary>
    /// <param name="client">The client.</param>
    /// <param name="servers">The servers.</param>
    public string WriteFor(string client, SuiteServers servers)
    {
        WireMessages messages = new(_images);
        JsonArray cases = [];
        foreach (JsonNode item in Cases.Where(item => WhyNotOffered(item, client) is null))
        {
            JsonObject told = item.DeepClone().AsObject();
            told["address"] = servers.AddressOf((string?)item["server"] ?? "main", (string?)item["connection"] ?? "tcp");
            if (item["messages"] is JsonArray written)
                told["messages"] = WriteMessages(messages, (string)item["name"]!, (string)item["method"]!, written);
            cases.Add((JsonNode)told);
        }

        string path = Path.Combine(_folder, $"cases-{client}.json");
        File.WriteAllText(path, new JsonObject { ["images"] = _images.DeepClone(), ["cases"] = cases }.ToJsonString(JsonSerializerOptions.Default));
        return path;
    }

    private JsonArray WriteMessages(WireMessages messages, string name, string method, JsonArray written)
    {
        string folder = Path.Combine(_folder, "messages", name);
        Directory.CreateDirectory(folder);
        JsonArray paths = [];
        for (int index = 0; index < written.Count; index++)
        {
            string path = Path.Combine(folder, $"{index}");
            File.WriteAllBytes(path, messages.ToBytes(method, written[index]!));
            paths.Add((JsonNode)path);
        }

        return paths;
    }
}

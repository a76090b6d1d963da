using System.Text.Json;

namespace YMaskNet.Perf.Gpu.WholePath;

/// <summary>What ONNX Runtime's profile of a session says of where its nodes ran.</summary>
/// <param name="Nodes">Nodes of the network, however often they ran.</param>
/// <param name="CopyNodes">Those that copy between the host and the device.</param>
/// <param name="Providers">The execution providers of the others, and how many each ran.</param>
internal sealed record NetworkProfile(int Nodes, IReadOnlyList<string> CopyNodes, IReadOnlyDictionary<string, int> Providers)
{
    private const string KernelTime = "_kernel_time";
    private const string CopyOperator = "Memcpy";

    /// <summary>Reads a profile: a list of events in Chrome's format, of which those with the category Node and a kernel's time count.</summary>
    /// <exception cref="InvalidDataException">It is no such profile, or no node ran.</exception>
    public static NetworkProfile Read(string path)
    {
        try
        {
            using FileStream file = File.OpenRead(path);
            using JsonDocument document = JsonDocument.Parse(file);
            HashSet<(string Name, string Operator, string Provider)> nodes = [];
            foreach (JsonElement entry in document.RootElement.EnumerateArray())
            {
                if (IsKernel(entry))
                    nodes.Add(NodeOf(entry));
            }

            if (nodes.Count == 0)
                throw new InvalidDataException($"{path} has no node that ran: was the session run before it ended?");
            string[] copies = [.. nodes.Where(node => IsCopy(node.Operator)).Select(node => $"{node.Operator} {node.Name}").Order(StringComparer.Ordinal)];
            return new NetworkProfile(
                nodes.Count,
                copies,
                nodes.Where(node => !IsCopy(node.Operator)).GroupBy(node => node.Provider).ToDictionary(group => group.Key, group => group.Count()));
        }
        catch (Exception exception) when (exception is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw new InvalidDataException($"{path} is not a profile of ONNX Runtime: {exception.Message}", exception);
        }
    }

    private static bool IsKernel(JsonElement entry) =>
        entry.TryGetProperty("cat", out JsonElement category) && category.GetString() == "Node"
        && entry.GetProperty("name").GetString()!.EndsWith(KernelTime, StringComparison.Ordinal);

    private static (string Name, string Operator, string Provider) NodeOf(JsonElement entry)
    {
        JsonElement arguments = entry.GetProperty("args");
        return (
            entry.GetProperty("name").GetString()![..^KernelTime.Length],
            arguments.GetProperty("op_name").GetString()!,
            arguments.GetProperty("provider").GetString()!);
    }

    // MemcpyFromHost and MemcpyToHost, which ONNX Runtime puts between nodes of different providers.
    private static bool IsCopy(string name) => name.StartsWith(CopyOperator, StringComparison.Ordinal);
}

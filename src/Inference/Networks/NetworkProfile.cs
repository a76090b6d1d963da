using System.Text.Json;
using Microsoft.ML.OnnxRuntime;

namespace YMaskNet.Inference.Networks;

/// <summary>
/// ONNX Runtime's profile of a session: what it really ran, and where. ONNX Runtime writes it to a file; this one's lies in a
/// temporary folder of its own, which goes with it.
/// </summary>
internal sealed class NetworkProfile : IDisposable
{
    private const string KernelTime = "_kernel_time";

    private readonly string _folder;

    /// <exception cref="IOException">There is no temporary folder to write to.</exception>
    /// <exception cref="UnauthorizedAccessException">The temporary folder may not be written to.</exception>
    public NetworkProfile() => _folder = Directory.CreateTempSubdirectory("ymasknet-profile-").FullName;

    /// <summary>Makes a session whose runs are written down until <see cref="End"/>.</summary>
    /// <param name="onnx">The network.</param>
    /// <param name="options">How to run it; as before afterwards.</param>
    /// <exception cref="OnnxRuntimeException">ONNX Runtime can't load it.</exception>
    public InferenceSession Begin(byte[] onnx, SessionOptions options)
    {
        options.ProfileOutputPathPrefix = Path.Combine(_folder, "network");
        options.EnableProfiling = true;
        try
        {
            return new InferenceSession(onnx, options);
        }
        finally
        {
            options.EnableProfiling = false;
        }
    }

    /// <summary>Ends the writing down; the session runs on as without it.</summary>
    /// <returns>The nodes that ran, each as often as it ran, in their order.</returns>
    public IReadOnlyList<NodeRun> End(InferenceSession session) => Read(session.EndProfiling());

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    /// <summary>The nodes that a profile says to have run, each as often as it ran, in their order.</summary>
    /// <param name="path">The profile's file.</param>
    internal static IReadOnlyList<NodeRun> Read(string path)
    {
        using FileStream file = File.OpenRead(path);
        using JsonDocument document = JsonDocument.Parse(file);
        return
        [
            .. document.RootElement.EnumerateArray()
                .Where(entry => entry.GetProperty("cat").GetString() == "Node" && NameOf(entry).EndsWith(KernelTime, StringComparison.Ordinal))
                .Select(entry => new NodeRun(
                    NameOf(entry)[..^KernelTime.Length],
                    ArgumentOf(entry, "op_name"),
                    ArgumentOf(entry, "provider"),
                    TimeSpan.FromMicroseconds(entry.GetProperty("dur").GetDouble()))),
        ];
    }

    private static string NameOf(JsonElement entry) => entry.GetProperty("name").GetString()!;

    private static string ArgumentOf(JsonElement entry, string name) => entry.GetProperty("args").GetProperty(name).GetString()!;
}

using System.Text.Json.Nodes;
using YMaskNet.Client;
using YMaskNet.V1;

namespace YMaskNet.Conformance.CSharp;

/// <summary>The images of the cases, read once.</summary>
internal sealed class CaseImages(JsonNode images)
{
    private readonly Dictionary<string, byte[]> _bytes = [];

    /// <summary>What is said of an image: <c>path</c>, and of pixels <c>format</c>, <c>width</c>, <c>height</c>, <c>stride</c>.</summary>
    public JsonNode Describe(string name) => images[name]!;

    /// <summary>Its bytes.</summary>
    public byte[] Read(string name)
    {
        if (!_bytes.TryGetValue(name, out byte[]? bytes))
            _bytes[name] = bytes = File.ReadAllBytes((string)Describe(name)["path"]!);
        return bytes;
    }

    /// <summary>The image as the client sends it.</summary>
    public ImageInput Get(string name)
    {
        JsonNode described = Describe(name);
        return described["format"] is null
            ? ImageInput.FromBytes(Read(name))
            : ImageInput.FromRaw(Read(name), Format(described), (int)described["width"]!, (int)described["height"]!, Stride(described));
    }

    public static PixelFormat Format(JsonNode described) => CaseRequests.Choice<PixelFormat>((string)described["format"]!);

    public static int Stride(JsonNode described) => (int?)described["stride"] ?? 0;
}

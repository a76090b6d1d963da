using System.Text.Json;
using System.Text.Json.Serialization;

namespace YMaskNet.Inference.Models;

/// <summary>Reads <c>model.json</c>: unknown, missing and repeated keys, nulls and wrong types are errors.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    RespectNullableAnnotations = true,
    AllowDuplicateProperties = false,
    Converters = [typeof(NamedEnumConverter<InspectionTask>)])]
[JsonSerializable(typeof(ModelManifest))]
internal sealed partial class ManifestJson : JsonSerializerContext
{
    /// <exception cref="JsonException">Not a manifest; the message names the key.</exception>
    public static ModelManifest Read(ReadOnlySpan<byte> utf8) =>
        JsonSerializer.Deserialize(utf8, Default.ModelManifest) ?? throw new JsonException("the manifest is null");
}

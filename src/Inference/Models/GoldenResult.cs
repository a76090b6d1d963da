using System.Text.Json;
using System.Text.Json.Serialization;

namespace YMaskNet.Inference.Models;

/// <summary>What a golden image must give: the part of a line of <c>ymasknet inspect --json</c> that is compared.</summary>
internal sealed record GoldenResult
{
    // Source-generated reading passes null to an init accessor whose key is absent; the initialiser alone is not enough.
    public IReadOnlyList<GoldenDefect> Defects { get; init => field = value ?? []; } = [];

    public IReadOnlyList<GoldenRegion> Regions { get; init => field = value ?? []; } = [];

    /// <exception cref="ModelPackageException">The file is missing or not a result.</exception>
    public static GoldenResult Read(ModelPackage package, GoldenImage golden)
    {
        byte[] json = package.ReadFile(golden.Expected);
        try
        {
            return JsonSerializer.Deserialize(json, GoldenJson.Default.GoldenResult) ?? throw new JsonException("the result is null");
        }
        catch (JsonException exception)
        {
            throw new ModelPackageException(package.Resolve(golden.Expected), exception.Message, exception);
        }
    }
}

/// <summary>An expected defect.</summary>
internal sealed record GoldenDefect(string Class, float Score, GoldenBox Box);

/// <summary>An expected region of a semantic model.</summary>
internal sealed record GoldenRegion(string Class, long Area, GoldenBox Box);

/// <summary>A box in image pixels.</summary>
internal sealed record GoldenBox(float X, float Y, float Width, float Height);

/// <summary>Reads golden results; keys that are not compared, as masks, are passed over.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(GoldenResult))]
internal sealed partial class GoldenJson : JsonSerializerContext;

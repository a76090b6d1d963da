using System.Text.Json.Serialization;

namespace YMaskNet.Inference.Models;

/// <summary>What a file of a package is for.</summary>
[JsonConverter(typeof(NamedEnumConverter<ModelFileRole>))]
public enum ModelFileRole
{
    /// <summary>The network that takes the image.</summary>
    Stage1,

    /// <summary>The network that takes regions.</summary>
    Stage2,
}

/// <summary>A file that a manifest names.</summary>
public sealed record ModelFile
{
    /// <summary>What it is for.</summary>
    public required ModelFileRole Role { get; init; }

    /// <summary>What the network computes in. Default: <see cref="ModelPrecision.Fp32"/>.</summary>
    public ModelPrecision Precision { get; init; }

    /// <summary>Path inside the package's folder, with forward slashes.</summary>
    public required string Path { get; init; }

    /// <summary>SHA-256 of its bytes: 64 hexadecimal digits.</summary>
    public required string Sha256 { get; init; }
}

/// <summary>A file of a loaded package.</summary>
/// <param name="Path">Path inside the package's folder.</param>
/// <param name="Sha256">SHA-256 of its bytes, lower-case hexadecimal.</param>
/// <param name="SizeBytes">Unit: bytes.</param>
/// <param name="Precision">What the network computes in.</param>
public sealed record ModelFileInfo(string Path, string Sha256, long SizeBytes, ModelPrecision Precision);

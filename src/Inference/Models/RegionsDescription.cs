using System.Text.Json.Serialization;

namespace YMaskNet.Inference.Models;

/// <summary>
/// The second stage's input <c>[R, sum of channels * unshuffle², size, size] float32</c>: regions of one or several sources,
/// concatenated along the channels in the order of <see cref="Inputs"/>.
/// </summary>
public sealed record RegionsDescription
{
    /// <summary>Name in the ONNX file.</summary>
    public required string Tensor { get; init; }

    /// <summary>1 to 8 sources; all end at the same size.</summary>
    public required IReadOnlyList<RegionInput> Inputs { get; init; }

    /// <summary>Channels of the tensor.</summary>
    [JsonIgnore]
    public int ChannelCount => Inputs.Sum(input => input.UnshuffledChannels);

    /// <summary>Width and height of the tensor.</summary>
    [JsonIgnore]
    public int Size => Inputs[0].UnshuffledSize;
}

/// <summary>Where a region is cut from.</summary>
[JsonConverter(typeof(NamedEnumConverter<RegionSource>))]
public enum RegionSource
{
    /// <summary>An output of the first stage.</summary>
    Features,

    /// <summary>The first stage's input.</summary>
    Image,
}

/// <summary>One source of the second stage's input: a RoIAlign, then a pixel unshuffle.</summary>
public sealed record RegionInput
{
    /// <summary>Where the region is cut from.</summary>
    public required RegionSource Source { get; init; }

    /// <summary>Name of the feature map in the first stage's ONNX file; <see langword="null"/> for the image.</summary>
    public string? Tensor { get; init; }

    /// <summary>Channels of the source. Range: 1 to 4096.</summary>
    public required int Channels { get; init; }

    /// <summary>Source pixels per network pixel. Range: above 0, at most 1.</summary>
    public required float SpatialScale { get; init; }

    /// <summary>Bins along each side. Range: 1 to 256.</summary>
    public required int OutputSize { get; init; }

    /// <summary>Samples along each side of a bin. Range: 1 to 8.</summary>
    public required int SamplingRatio { get; init; }

    /// <summary>Factor of the pixel unshuffle; divides <see cref="OutputSize"/>. Range: 1 to 8.</summary>
    public required int Unshuffle { get; init; }

    /// <summary>Channels after the unshuffle.</summary>
    [JsonIgnore]
    public int UnshuffledChannels => Channels * Unshuffle * Unshuffle;

    /// <summary>Bins along each side after the unshuffle.</summary>
    [JsonIgnore]
    public int UnshuffledSize => OutputSize / Unshuffle;

    /// <summary>Extent of the source along an axis of the network's input.</summary>
    internal int SourceExtent(int inputExtent) => (int)MathF.Round(inputExtent * SpatialScale);
}

using System.Text.Json.Serialization;

namespace YMaskNet.Inference.Models;

/// <summary>Channels of a network's input.</summary>
[JsonConverter(typeof(NamedEnumConverter<InputChannels>))]
public enum InputChannels
{
    /// <summary>One: grey.</summary>
    Gray,

    /// <summary>Three: red, green, blue.</summary>
    Rgb,
}

/// <summary>The first stage's input: <c>[N, C, height, width] float32</c>, <c>(sample in 0..1 - mean) / std</c>.</summary>
public sealed record InputDescription
{
    /// <summary>Name in the ONNX file.</summary>
    public required string Tensor { get; init; }

    /// <summary>Unit: pixels. Range: 8 to 8192.</summary>
    public required int Width { get; init; }

    /// <summary>Unit: pixels. Range: 8 to 8192.</summary>
    public required int Height { get; init; }

    /// <summary>Grey or colour.</summary>
    public required InputChannels Channels { get; init; }

    /// <summary>Per channel, of samples in 0..1.</summary>
    public required IReadOnlyList<float> Mean { get; init; }

    /// <summary>Per channel, of samples in 0..1; positive.</summary>
    public required IReadOnlyList<float> Std { get; init; }

    /// <summary>Grey level around an image that has not the input's shape. Range: 0 to 255.</summary>
    public required int LetterboxValue { get; init; }

    /// <summary>1 or 3.</summary>
    [JsonIgnore]
    public int ChannelCount => Channels == InputChannels.Rgb ? 3 : 1;
}

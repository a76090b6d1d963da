using System.Text.Json.Serialization;

namespace YMaskNet.Inference.Models;

/// <summary>The family of networks that a package holds; it says which stages run.</summary>
[JsonConverter(typeof(NamedEnumConverter<ModelArchitecture>))]
public enum ModelArchitecture
{
    /// <summary>Anchor heads and feature maps, then a second stage on regions: masks, classes, refined boxes.</summary>
    [JsonStringEnumMemberName("ymasknet")]
    YMaskNet,

    /// <summary>Anchor heads alone.</summary>
    [JsonStringEnumMemberName("yolov5")]
    YoloV5,

    /// <summary>Semantic segmentation of the whole image.</summary>
    [JsonStringEnumMemberName("unet")]
    UNet,
}

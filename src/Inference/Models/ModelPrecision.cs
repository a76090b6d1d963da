using System.Text.Json.Serialization;

namespace YMaskNet.Inference.Models;

/// <summary>What a model's networks compute in.</summary>
[JsonConverter(typeof(NamedEnumConverter<ModelPrecision>))]
public enum ModelPrecision
{
    /// <summary>32-bit floating point, as they were trained.</summary>
    Fp32,

    /// <summary>8-bit whole numbers where the network allows it; every input and output is float32 nevertheless.</summary>
    Int8,
}

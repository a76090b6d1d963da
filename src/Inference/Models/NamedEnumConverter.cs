using System.Text.Json;
using System.Text.Json.Serialization;

namespace YMaskNet.Inference.Models;

/// <summary>Reads an enumeration by name: camel case where a member has no name of its own; numbers are refused.</summary>
internal sealed class NamedEnumConverter<TEnum>() : JsonStringEnumConverter<TEnum>(JsonNamingPolicy.CamelCase, allowIntegerValues: false)
    where TEnum : struct, Enum;

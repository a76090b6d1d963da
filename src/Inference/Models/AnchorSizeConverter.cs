using System.Text.Json;
using System.Text.Json.Serialization;

namespace YMaskNet.Inference.Models;

/// <summary>Reads and writes an anchor as <c>[width, height]</c>.</summary>
internal sealed class AnchorSizeConverter : JsonConverter<AnchorSize>
{
    public override AnchorSize Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
            throw new JsonException("an anchor must be [width, height]");
        float width = ReadNumber(ref reader);
        float height = ReadNumber(ref reader);
        if (!reader.Read() || reader.TokenType != JsonTokenType.EndArray)
            throw new JsonException("an anchor must be [width, height]");
        return new AnchorSize(width, height);
    }

    public override void Write(Utf8JsonWriter writer, AnchorSize value, JsonSerializerOptions options)
    {
        writer.WriteStartArray();
        writer.WriteNumberValue(value.Width);
        writer.WriteNumberValue(value.Height);
        writer.WriteEndArray();
    }

    private static float ReadNumber(ref Utf8JsonReader reader)
    {
        if (!reader.Read() || reader.TokenType != JsonTokenType.Number)
            throw new JsonException("an anchor must be [width, height]");
        return reader.GetSingle();
    }
}

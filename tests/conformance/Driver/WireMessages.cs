using System.Text.Json.Nodes;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using YMaskNet.V1;

namespace YMaskNet.Conformance.Driver;

/// <summary>
/// Makes bytes of the messages of a case: protobuf's JSON, in which <c>{"$image": NAME}</c> stands for an image, or
/// <c>{"$bytes": HEX}</c>.
/// </summary>
internal sealed class WireMessages(JsonNode images)
{
    private static readonly ServiceDescriptor[] Services =
    [
        InspectionService.Descriptor, BoardService.Descriptor, ModelService.Descriptor, SharedMemoryService.Descriptor,
        Grpc.Health.V1.Health.Descriptor,
    ];

    /// <summary>The bytes of a message.</summary>
    /// <param name="method">SERVICE/METHOD.</param>
    /// <param name="message">The message.</param>
    public byte[] ToBytes(string method, JsonNode message)
    {
        if ((string?)message["$bytes"] is { } bytes)
            return Convert.FromHexString(bytes);
        JsonNode filled = message.DeepClone();
        Fill(filled);
        return JsonParser.Default.Parse(filled.ToJsonString(), InputOf(method)).ToByteArray();
    }

    private static MessageDescriptor InputOf(string method)
    {
        string[] names = method.Split('/');
        return Services.FirstOrDefault(service => service.FullName == names[0])?.FindMethodByName(names[1])?.InputType
            ?? throw new InvalidDataException($"There is no method {method}.");
    }

    private void Fill(JsonNode node)
    {
        switch (node)
        {
            case JsonObject fields:
                foreach ((string name, JsonNode? value) in fields.ToArray())
                {
                    if ((value as JsonObject)?["$image"] is { } image)
                        fields[name] = ToImage(images[(string)image!]!);
                    else if (value is not null)
                        Fill(value);
                }

                break;

            case JsonArray items:
                foreach (JsonNode? item in items)
                    Fill(item!);
                break;
        }
    }

    private static JsonObject ToImage(JsonNode told)
    {
        string data = Convert.ToBase64String(File.ReadAllBytes((string)told["path"]!));
        if (told["format"] is null)
            return new JsonObject { ["encoded"] = data };

        JsonObject raw = new()
        {
            ["data"] = data,
            ["pixel_format"] = $"PIXEL_FORMAT_{(string)told["format"]!}",
            ["width"] = told["width"]!.DeepClone(),
            ["height"] = told["height"]!.DeepClone(),
            ["stride"] = (int?)told["stride"] ?? 0,
        };
        return new JsonObject { ["raw"] = raw };
    }
}

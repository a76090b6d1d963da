using System.Buffers.Binary;
using System.Text.Json.Nodes;

namespace YMaskNet.Conformance.Driver;

/// <summary>
/// Writes the images that <c>cases.json</c> describes: files of the repository, whole or spoilt, and raw pixels of black boards
/// with blobs, <c>[x, y, width, height, level]</c>, a level being grey or <c>[red, green, blue]</c>, 8 bits each.
/// </summary>
internal static class CaseImageFiles
{
    /// <summary>Writes an image.</summary>
    /// <param name="described">As <c>cases.json</c> has it.</param>
    /// <param name="path">Where to.</param>
    /// <returns>What the clients are told of it.</returns>
    public static JsonObject Write(JsonNode described, string path)
    {
        byte[] bytes = described["file"] is { } file ? File.ReadAllBytes(Repository.At((string)file!)) : Draw(described);
        if ((int?)described["bytes"] is { } length)
            bytes = bytes[..length];
        if (described["flip"] is { } range)
        {
            for (int index = (int)range[0]!; index < (int)range[1]!; index++)
                bytes[index] ^= 0xff;
        }

        File.WriteAllBytes(path, bytes);
        JsonObject told = new() { ["path"] = path };
        foreach (string key in (ReadOnlySpan<string>)["format", "width", "height", "stride"])
        {
            if (described[key] is { } value)
                told[key] = value.DeepClone();
        }

        return told;
    }

    private static byte[] Draw(JsonNode described)
    {
        int width = (int)described["width"]!;
        int height = (int)described["height"]!;
        string format = (string)described["format"]!;
        int pixelBytes = PixelBytes(format);
        int stride = (int?)described["stride"] ?? width * pixelBytes;
        byte[] pixels = new byte[stride * height];
        foreach (JsonNode? blob in described["blobs"]!.AsArray())
        {
            (int x, int y, int columns, int rows) = ((int)blob![0]!, (int)blob[1]!, (int)blob[2]!, (int)blob[3]!);
            byte[] pixel = Pixel(format, blob[4]!);
            for (int row = y; row < y + rows; row++)
            {
                for (int column = x; column < x + columns; column++)
                    pixel.CopyTo(pixels, (row * stride) + (column * pixelBytes));
            }
        }

        return pixels;
    }

    private static int PixelBytes(string format) => format switch
    {
        "MONO8" or "BAYER_RG8" => 1,
        "MONO10" or "MONO12" or "MONO16" => 2,
        "RGB8" or "BGR8" => 3,
        _ => throw new InvalidDataException($"There is no pixel format {format}."),
    };

    private static byte[] Pixel(string format, JsonNode level)
    {
        int[] colour = level is JsonArray parts ? [.. parts.GetValues<int>()] : [(int)level, (int)level, (int)level];
        return format switch
        {
            "MONO8" or "BAYER_RG8" => [(byte)colour[0]],
            "MONO10" => Word(colour[0], 1023),
            "MONO12" => Word(colour[0], 4095),
            "MONO16" => Word(colour[0], 65535),
            "RGB8" => [(byte)colour[0], (byte)colour[1], (byte)colour[2]],
            _ => [(byte)colour[2], (byte)colour[1], (byte)colour[0]],
        };
    }

    private static byte[] Word(int level, int white)
    {
        byte[] word = new byte[2];
        BinaryPrimitives.WriteUInt16LittleEndian(word, (ushort)(((level * white) + 127) / 255));
        return word;
    }
}

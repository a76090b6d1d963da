using System.Buffers.Binary;
using System.IO.Compression;
using YMaskNet.Imaging.Formats;

namespace YMaskNet.Imaging.Tests;

/// <summary>Writes PNG files of every colour type and depth, right or wrong.</summary>
internal static class PngWriter
{
    public const byte Grey = 0;
    public const byte Rgb = 2;

    /// <summary>A PNG whose rows are unfiltered.</summary>
    public static byte[] Write(int width, int height, byte bitDepth, byte colourType, byte[] packedRows)
    {
        using var data = new MemoryStream();
        using (var zlib = new ZLibStream(data, CompressionLevel.Fastest, leaveOpen: true))
        {
            int rowBytes = packedRows.Length / height;
            for (int y = 0; y < height; y++)
            {
                zlib.WriteByte(0);
                zlib.Write(packedRows, y * rowBytes, rowBytes);
            }
        }

        return WriteCompressed(width, height, bitDepth, colourType, data.ToArray());
    }

    /// <summary>A PNG with the given compressed data, which need not fit the header.</summary>
    public static byte[] WriteCompressed(int width, int height, byte bitDepth, byte colourType, byte[] data)
    {
        byte[] header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        header[8] = bitDepth;
        header[9] = colourType;
        return [0x89, .. "PNG\r\n"u8, 0x1A, 0x0A, .. Chunk("IHDR"u8, header), .. Chunk("IDAT"u8, data), .. Chunk("IEND"u8, [])];
    }

    private static byte[] Chunk(ReadOnlySpan<byte> type, byte[] data)
    {
        byte[] chunk = new byte[data.Length + PngChunk.Overhead];
        PngChunk.Write(chunk, type, data);
        return chunk;
    }
}

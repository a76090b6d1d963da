using System.Buffers.Binary;

namespace YMaskNet.Imaging.Formats;

/// <summary>A chunk of a PNG file: length, type, data, CRC-32 of type and data.</summary>
internal static class PngChunk
{
    /// <summary>Bytes of a chunk beyond its data.</summary>
    public const int Overhead = 12;

    private static readonly uint[] CrcTable = MakeCrcTable();

    /// <summary>Writes a chunk to the beginning of <paramref name="target"/>.</summary>
    /// <returns>Its length in bytes.</returns>
    public static int Write(Span<byte> target, ReadOnlySpan<byte> type, ReadOnlySpan<byte> data)
    {
        BinaryPrimitives.WriteInt32BigEndian(target, data.Length);
        type.CopyTo(target[4..]);
        data.CopyTo(target[8..]);
        BinaryPrimitives.WriteUInt32BigEndian(target[(8 + data.Length)..], Crc32(target.Slice(4, 4 + data.Length)));
        return data.Length + Overhead;
    }

    /// <summary>CRC-32 as in ISO 3309, polynomial 0xEDB88320 bit-reversed.</summary>
    public static uint Crc32(ReadOnlySpan<byte> bytes)
    {
        uint crc = uint.MaxValue;
        foreach (byte value in bytes)
            crc = CrcTable[(byte)(crc ^ value)] ^ (crc >> 8);
        return ~crc;
    }

    private static uint[] MakeCrcTable()
    {
        uint[] table = new uint[256];
        for (uint i = 0; i < table.Length; i++)
        {
            uint crc = i;
            for (int bit = 0; bit < 8; bit++)
                crc = (crc & 1) != 0 ? (crc >> 1) ^ 0xEDB88320 : crc >> 1;
            table[i] = crc;
        }

        return table;
    }
}

using System.Buffers.Binary;

namespace YMaskNet.Imaging.Formats;

/// <summary>Markers of a JPEG file, from start of image to end of image.</summary>
internal static class JpegStructure
{
    private const byte Prefix = 0xFF;
    private const byte Stuffing = 0x00;
    private const byte Temporary = 0x01;
    private const byte FirstRestart = 0xD0;
    private const byte EndOfImage = 0xD9;
    private const byte StartOfScan = 0xDA;

    /// <summary>Whether the file goes on to its end-of-image marker; what follows that is not looked at.</summary>
    public static bool IsComplete(ReadOnlySpan<byte> file)
    {
        ReadOnlySpan<byte> rest = file[2..];
        while (true)
        {
            int fill = rest.IndexOfAnyExcept(Prefix);
            if (fill < 0)
                return false;
            if (fill == 0)
                return true;

            byte marker = rest[fill];
            rest = rest[(fill + 1)..];
            if (marker == EndOfImage)
                return true;
            if (marker == Temporary || IsRestart(marker))
                continue;

            if (rest.Length < 2)
                return false;
            int length = BinaryPrimitives.ReadUInt16BigEndian(rest);
            if (length < 2)
                return true;
            if (length > rest.Length)
                return false;
            rest = rest[length..];

            if (marker == StartOfScan)
                rest = rest[EntropyCodedLength(rest)..];
        }
    }

    /// <summary>Bytes of compressed data up to the next marker that ends it, or to the end of the file.</summary>
    private static int EntropyCodedLength(ReadOnlySpan<byte> data)
    {
        int position = 0;
        while (true)
        {
            int prefix = data[position..].IndexOf(Prefix);
            if (prefix < 0 || position + prefix + 1 >= data.Length)
                return data.Length;
            position += prefix;
            byte next = data[position + 1];
            if (next == Prefix)
                position++;
            else if (next == Stuffing || IsRestart(next))
                position += 2;
            else
                return position;
        }
    }

    private static bool IsRestart(byte marker) => marker is >= FirstRestart and < FirstRestart + 8;
}

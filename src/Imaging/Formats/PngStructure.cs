using System.Buffers.Binary;

namespace YMaskNet.Imaging.Formats;

/// <summary>Chunks of a PNG file: length, type, data, check sum; the last is IEND.</summary>
internal static class PngStructure
{
    private const int SignatureLength = 8;
    private const int LengthTypeAndChecksum = 12;

    /// <summary>Whether the chunks up to IEND are all there.</summary>
    public static bool IsComplete(ReadOnlySpan<byte> file)
    {
        ReadOnlySpan<byte> rest = file[SignatureLength..];
        while (rest.Length >= LengthTypeAndChecksum)
        {
            uint length = BinaryPrimitives.ReadUInt32BigEndian(rest);
            if (length > int.MaxValue)
                return true;
            if (length > rest.Length - LengthTypeAndChecksum)
                return false;
            if (rest.Slice(4, 4).SequenceEqual("IEND"u8))
                return true;
            rest = rest[((int)length + LengthTypeAndChecksum)..];
        }

        return false;
    }
}

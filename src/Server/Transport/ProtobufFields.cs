using System.Buffers;

namespace YMaskNet.Server.Transport;

/// <summary>Finds fields in serialized messages, whose memory may be in pieces.</summary>
internal static class ProtobufFields
{
    private const int MaxVarintBytes = 10;

    private enum WireType
    {
        Varint = 0,
        Fixed64 = 1,
        Delimited = 2,
        Fixed32 = 5,
    }

    /// <summary>
    /// Finds the only occurrence of a length-delimited field in a part of a message; <see langword="false"/> where there is
    /// none, or another, or the part is not well-formed.
    /// </summary>
    /// <param name="message">The whole message.</param>
    /// <param name="start">Where the part begins.</param>
    /// <param name="end">Where it ends.</param>
    /// <param name="wanted">Field numbers of which one may occur, once.</param>
    /// <param name="number">Which of them it was.</param>
    /// <param name="field">Where it lies.</param>
    public static bool TryFindOnly(
        in ReadOnlySequence<byte> message, long start, long end, ReadOnlySpan<int> wanted, out int number, out DelimitedField field)
    {
        number = 0;
        field = default;
        SequenceReader<byte> reader = new(message.Slice(start, end - start));
        while (!reader.End)
        {
            if (!TryReadVarint(ref reader, out ulong tag))
                return false;
            ulong fieldNumber = tag >> 3;
            bool isWanted = fieldNumber <= int.MaxValue && wanted.Contains((int)fieldNumber);
            switch ((WireType)(tag & 7))
            {
                case WireType.Varint when TryReadVarint(ref reader, out _):
                case WireType.Fixed64 when TryAdvance(ref reader, sizeof(ulong)):
                case WireType.Fixed32 when TryAdvance(ref reader, sizeof(uint)):
                    if (isWanted)
                        return false;
                    break;

                case WireType.Delimited:
                    long lengthAt = start + reader.Consumed;
                    if (!TryReadVarint(ref reader, out ulong length) || length > (ulong)reader.Remaining || (isWanted && number != 0))
                        return false;
                    if (isWanted)
                    {
                        number = (int)fieldNumber;
                        field = new DelimitedField(lengthAt, start + reader.Consumed, (long)length);
                    }

                    reader.Advance((long)length);
                    break;

                default:
                    return false;
            }
        }

        return number != 0;
    }

    /// <summary>Bytes of a number as a varint.</summary>
    public static int VarintLength(long value)
    {
        int length = 1;
        while ((value >>= 7) != 0)
            length++;
        return length;
    }

    /// <summary>Writes a number that is not negative as a varint.</summary>
    public static void WriteVarint(long value, IBufferWriter<byte> target)
    {
        Span<byte> bytes = target.GetSpan(MaxVarintBytes);
        int count = 0;
        while (value >= 0x80)
        {
            bytes[count++] = (byte)(value | 0x80);
            value >>= 7;
        }

        bytes[count++] = (byte)value;
        target.Advance(count);
    }

    private static bool TryReadVarint(ref SequenceReader<byte> reader, out ulong value)
    {
        value = 0;
        for (int shift = 0; shift < 64; shift += 7)
        {
            if (!reader.TryRead(out byte next))
                return false;
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
                return true;
        }

        return false;
    }

    private static bool TryAdvance(ref SequenceReader<byte> reader, long count)
    {
        if (reader.Remaining < count)
            return false;
        reader.Advance(count);
        return true;
    }
}

using System.Buffers.Binary;
using System.Runtime.Intrinsics;

namespace YMaskNet.Inference.Results;

/// <summary>Packs bytes to bits, the left-most in the highest bit.</summary>
internal static class BitPacking
{
    /// <summary>Packs a row.</summary>
    /// <param name="inside">A byte for each bit: 0 gives 0, anything else 1.</param>
    /// <param name="bits">ceil(length / 8) bytes; the bits beyond the length become 0.</param>
    public static void Pack(ReadOnlySpan<byte> inside, Span<byte> bits)
    {
        int i = 0;
        if (Vector256.IsHardwareAccelerated)
        {
            for (; i <= inside.Length - Vector256<byte>.Count; i += Vector256<byte>.Count)
            {
                // The first byte's answer is the lowest bit of the 32; it belongs into the highest of the first byte.
                uint outside = Vector256.Equals(Vector256.Create(inside[i..]), Vector256<byte>.Zero).ExtractMostSignificantBits();
                BinaryPrimitives.WriteUInt32BigEndian(bits[(i >> 3)..], ReverseBits(~outside));
            }
        }

        bits[(i >> 3)..].Clear();
        for (; i < inside.Length; i++)
        {
            if (inside[i] != 0)
                bits[i >> 3] |= (byte)(0x80 >> (i & 7));
        }
    }

    private static uint ReverseBits(uint value)
    {
        value = ((value >> 1) & 0x55555555) | ((value & 0x55555555) << 1);
        value = ((value >> 2) & 0x33333333) | ((value & 0x33333333) << 2);
        value = ((value >> 4) & 0x0F0F0F0F) | ((value & 0x0F0F0F0F) << 4);
        return BinaryPrimitives.ReverseEndianness(value);
    }
}

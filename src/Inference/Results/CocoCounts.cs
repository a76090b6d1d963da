using System.Buffers;

namespace YMaskNet.Inference.Results;

/// <summary>
/// The text form of COCO runs, as pycocotools' <c>rleToString</c> writes it: from the fourth run on the difference to the
/// run two before; a signed number as characters of five bits from '0' on, the lowest bits first, the sixth bit set where
/// more follow.
/// </summary>
internal static class CocoCounts
{
    private const int BitsPerCharacter = 5;
    private const int ValueBits = 0x1F;
    private const int SignBit = 0x10;
    private const int MoreFollows = 0x20;
    private const char Zero = '0';

    // Of a 64-bit number.
    private const int MostCharacters = 13;
    private const int FirstDifference = 3;

    /// <summary>Writes runs as text.</summary>
    public static string ToText(IReadOnlyList<long> runs)
    {
        char[] text = ArrayPool<char>.Shared.Rent(runs.Count * MostCharacters);
        int length = 0;
        for (int i = 0; i < runs.Count; i++)
        {
            long value = i >= FirstDifference ? runs[i] - runs[i - 2] : runs[i];
            bool more;
            do
            {
                int bits = (int)(value & ValueBits);
                value >>= BitsPerCharacter;
                more = (bits & SignBit) != 0 ? value != -1 : value != 0;
                text[length++] = (char)(Zero + (more ? bits | MoreFollows : bits));
            }
            while (more);
        }

        string counts = new(text, 0, length);
        ArrayPool<char>.Shared.Return(text);
        return counts;
    }

    /// <summary>Reads runs from text.</summary>
    /// <exception cref="FormatException">A character is none of the 64, a number has more than 60 bits, or the text ends in one.</exception>
    public static List<long> FromText(string text)
    {
        List<long> runs = [];
        int position = 0;
        while (position < text.Length)
        {
            long value = ReadNumber(text, ref position);
            if (runs.Count >= FirstDifference)
                value += runs[^2];
            runs.Add(value);
        }

        return runs;
    }

    private static long ReadNumber(string text, ref int position)
    {
        const int mostBits = 60;
        long value = 0;
        for (int shift = 0; shift < mostBits; shift += BitsPerCharacter)
        {
            if (position == text.Length)
                throw new FormatException("The counts end within a number.");
            int character = text[position] - Zero;
            if (character is < 0 or > (MoreFollows | ValueBits))
                throw new FormatException($"The counts have the character '{text[position]}' at {position}.");

            position++;
            value |= (long)(character & ValueBits) << shift;
            if ((character & MoreFollows) == 0)
                return (character & SignBit) != 0 ? value | (-1L << (shift + BitsPerCharacter)) : value;
        }

        throw new FormatException($"The counts have a number of more than {mostBits} bits before {position}.");
    }
}

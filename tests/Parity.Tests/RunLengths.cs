namespace YMaskNet.Parity.Tests;

/// <summary>Masks as the sorted positions of their pixels, column by column, out of compressed COCO run lengths.</summary>
internal static class RunLengths
{
    /// <summary>Positions of all pixels of the mask.</summary>
    /// <exception cref="FormatException">The runs do not cover an image of <paramref name="pixels"/> pixels.</exception>
    public static HashSet<long> Decode(string counts, long pixels)
    {
        HashSet<long> mask = [];
        List<long> runs = [];
        long position = 0;
        for (int index = 0; index < counts.Length;)
        {
            long run = ReadNumber(counts, ref index);
            if (runs.Count > 2)
            {
                run += runs[^2];
            }

            for (long pixel = position; runs.Count % 2 == 1 && pixel < position + run; pixel++)
            {
                mask.Add(pixel);
            }

            position += run;
            runs.Add(run);
        }

        return position == pixels ? mask : throw new FormatException($"Runs cover {position} of {pixels} pixels.");
    }

    private static long ReadNumber(string text, ref int index)
    {
        long value = 0;
        for (int shift = 0; ; shift += 5)
        {
            int group = text[index++] - 48;
            value |= (long)(group & 0x1F) << shift;
            if ((group & 0x20) == 0)
            {
                bool negative = (group & 0x10) != 0;
                return negative ? value - (1L << (shift + 5)) : value;
            }
        }
    }
}

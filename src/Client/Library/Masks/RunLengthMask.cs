using System.Text;

namespace YMaskNet.Client.Masks;

/// <summary>
/// A mask as COCO run lengths: columns from left to right, each from top to bottom, the first run counting pixels outside.
/// </summary>
public sealed class RunLengthMask
{
    // A character carries 5 bits of a signed number, least significant first, and says whether more follow.
    private const int FirstCharacter = '0';
    private const int BitsPerCharacter = 5;
    private const int ValueBits = 0x1f;
    private const int SignBit = 0x10;
    private const int ContinuationBit = 0x20;
    private const int MaxCharactersPerRun = 7;

    private readonly long[] _runs;

    private RunLengthMask(int height, int width, long[] runs)
    {
        Height = height;
        Width = width;
        _runs = runs;
    }

    /// <summary>Height of the image. Unit: pixels.</summary>
    public int Height { get; }

    /// <summary>Width of the image. Unit: pixels.</summary>
    public int Width { get; }

    /// <summary>Lengths of the runs, alternately outside and inside the mask. Unit: pixels. They add up to the image.</summary>
    public ReadOnlySpan<long> Runs => _runs;

    /// <summary>Reads a compressed <c>counts</c> string, as pycocotools writes it.</summary>
    /// <param name="height">Height of the image. Unit: pixels.</param>
    /// <param name="width">Width of the image. Unit: pixels.</param>
    /// <param name="counts">The delta-coded runs.</param>
    /// <exception cref="InvalidDataException">The string is damaged or is of an image of another size.</exception>
    public static RunLengthMask Parse(int height, int width, string counts)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(height);
        ArgumentOutOfRangeException.ThrowIfNegative(width);

        List<long> runs = [];
        long sum = 0;
        long pixelCount = (long)height * width;
        int position = 0;
        while (position < counts.Length)
        {
            long run = ReadSigned(counts, ref position);
            if (runs.Count > 2)
                run += runs[^2];
            if (run < 0 || run > pixelCount - sum)
                throw new InvalidDataException($"Run {runs.Count} of a COCO mask leaves its image of {width} x {height} pixels.");

            runs.Add(run);
            sum += run;
        }

        if (sum != pixelCount)
            throw new InvalidDataException($"The runs of a COCO mask cover {sum} pixels, its image of {width} x {height} has {pixelCount}.");
        return new RunLengthMask(height, width, [.. runs]);
    }

    /// <summary>Writes a bitmap as run lengths.</summary>
    /// <param name="bitmap">The mask; it must lie inside the image.</param>
    /// <param name="height">Height of the image. Unit: pixels.</param>
    /// <param name="width">Width of the image. Unit: pixels.</param>
    public static RunLengthMask FromBitmap(MaskBitmap bitmap, int height, int width)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bitmap.X + bitmap.Width, width, nameof(width));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bitmap.Y + bitmap.Height, height, nameof(height));

        List<long> runs = [];
        bool inside = false;
        long runStart = 0;
        for (int x = bitmap.X; x < bitmap.X + bitmap.Width; x++)
        {
            // One row beyond the rectangle, so that a run ends there unless the next column goes on with it.
            int bottom = Math.Min(bitmap.Y + bitmap.Height + 1, height);
            for (int y = 0; y < bottom; y++)
            {
                if (bitmap.Contains(x, y) == inside)
                    continue;

                long position = (long)x * height + y;
                runs.Add(position - runStart);
                runStart = position;
                inside = !inside;
            }
        }

        long end = (long)width * height;
        long maskEnd = Math.Min((long)(bitmap.X + bitmap.Width) * height, end);
        if (inside && maskEnd < end)
        {
            runs.Add(maskEnd - runStart);
            runStart = maskEnd;
        }

        runs.Add(end - runStart);
        return new RunLengthMask(height, width, [.. runs]);
    }

    /// <summary>The compressed <c>counts</c> string, as pycocotools writes it.</summary>
    public string ToCounts()
    {
        StringBuilder counts = new();
        for (int i = 0; i < _runs.Length; i++)
            AppendSigned(counts, i > 2 ? _runs[i] - _runs[i - 2] : _runs[i]);
        return counts.ToString();
    }

    /// <summary>The pixels inside the mask's bounding rectangle.</summary>
    public MaskBitmap ToBitmap()
    {
        if (!TryFindBounds(out int left, out int top, out int right, out int bottom))
            return MaskBitmap.Empty;

        int width = right - left;
        bool[] pixels = new bool[width * (bottom - top)];
        foreach ((long start, long end) in InsideRuns())
        {
            for (long position = start; position < end; position++)
            {
                (long x, long y) = Math.DivRem(position, Height);
                pixels[(y - top) * width + (x - left)] = true;
            }
        }

        return new MaskBitmap(left, top, width, bottom - top, pixels);
    }

    private bool TryFindBounds(out int left, out int top, out int right, out int bottom)
    {
        (left, top, right, bottom) = (Width, Height, 0, 0);
        foreach ((long start, long end) in InsideRuns())
        {
            (int firstColumn, int firstRow) = ((int)(start / Height), (int)(start % Height));
            (int lastColumn, int lastRow) = ((int)((end - 1) / Height), (int)((end - 1) % Height));
            if (lastColumn > firstColumn)
                (firstRow, lastRow) = (0, Height - 1);

            left = Math.Min(left, firstColumn);
            right = Math.Max(right, lastColumn + 1);
            top = Math.Min(top, firstRow);
            bottom = Math.Max(bottom, lastRow + 1);
        }

        return right > left;
    }

    private IEnumerable<(long Start, long End)> InsideRuns()
    {
        long position = 0;
        for (int i = 0; i < _runs.Length; i++)
        {
            if (i % 2 == 1 && _runs[i] > 0)
                yield return (position, position + _runs[i]);
            position += _runs[i];
        }
    }

    private static long ReadSigned(string counts, ref int position)
    {
        long value = 0;
        for (int shift = 0; shift < MaxCharactersPerRun * BitsPerCharacter; shift += BitsPerCharacter)
        {
            if (position == counts.Length)
                throw new InvalidDataException("The counts of a COCO mask end inside a run.");

            int bits = counts[position++] - FirstCharacter;
            if (bits is < 0 or >= 2 * ContinuationBit)
                throw new InvalidDataException($"The counts of a COCO mask hold a foreign character at position {position - 1}.");

            value |= (long)(bits & ValueBits) << shift;
            if ((bits & ContinuationBit) == 0)
                return (bits & SignBit) == 0 ? value : value | (-1L << (shift + BitsPerCharacter));
        }

        throw new InvalidDataException("A run of a COCO mask is longer than any image.");
    }

    private static void AppendSigned(StringBuilder counts, long value)
    {
        bool more;
        do
        {
            int bits = (int)(value & ValueBits);
            value >>= BitsPerCharacter;
            more = value != ((bits & SignBit) == 0 ? 0 : -1);
            counts.Append((char)(FirstCharacter + bits + (more ? ContinuationBit : 0)));
        }
        while (more);
    }
}

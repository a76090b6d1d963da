using System.Buffers.Binary;
using System.Numerics;

namespace YMaskNet.Inference.Results;

/// <summary>
/// A set of pixels within a rectangle of the image: [height, ceil(width / 8)] bytes, eight pixels to a byte, the left-most
/// in the highest bit, as in a bilevel PNG. Everything outside the rectangle is outside the mask.
/// </summary>
/// <remarks>
/// Invariant: bits beyond the width are 0. Masks are as small as the boxes they lie in, and live on in results after the
/// buffers of the pipeline are reused; so they own plain arrays.
/// </remarks>
internal sealed class BinaryMask
{
    private readonly byte[] _bits;

    /// <summary>Makes a mask without pixels.</summary>
    /// <param name="x">Left-most column of the rectangle in the image.</param>
    /// <param name="y">Top-most row of the rectangle in the image.</param>
    /// <param name="width">Range: >= 0.</param>
    /// <param name="height">Range: >= 0.</param>
    public BinaryMask(int x, int y, int width, int height)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(x);
        ArgumentOutOfRangeException.ThrowIfNegative(y);
        ArgumentOutOfRangeException.ThrowIfNegative(width);
        ArgumentOutOfRangeException.ThrowIfNegative(height);
        X = x;
        Y = y;
        Width = width;
        Height = height;
        RowBytes = (int)(((long)width + 7) / 8);
        _bits = new byte[RowBytes * height];
    }

    /// <summary>Left-most column of the rectangle in the image.</summary>
    public int X { get; }

    /// <summary>Top-most row of the rectangle in the image.</summary>
    public int Y { get; }

    /// <summary>Width of the rectangle. Unit: pixels.</summary>
    public int Width { get; }

    /// <summary>Height of the rectangle. Unit: pixels.</summary>
    public int Height { get; }

    /// <summary>Bytes of a row.</summary>
    public int RowBytes { get; }

    /// <summary>All rows.</summary>
    public ReadOnlySpan<byte> Bits => _bits;

    /// <summary>Number of pixels in the mask; counted at each call.</summary>
    public long Area
    {
        get
        {
            long area = 0;
            ReadOnlySpan<byte> rest = _bits;
            for (; rest.Length >= sizeof(ulong); rest = rest[sizeof(ulong)..])
                area += BitOperations.PopCount(BinaryPrimitives.ReadUInt64LittleEndian(rest));
            foreach (byte bits in rest)
                area += BitOperations.PopCount(bits);
            return area;
        }
    }

    /// <summary>Whether a pixel of the rectangle is in the mask.</summary>
    /// <param name="column">Range: 0 to width - 1, from the rectangle's left.</param>
    /// <param name="row">Range: 0 to height - 1, from the rectangle's top.</param>
    public bool this[int column, int row] => (_bits[(row * RowBytes) + (column >> 3)] & (0x80 >> (column & 7))) != 0;

    /// <summary>One row's bits.</summary>
    public ReadOnlySpan<byte> Row(int row) => _bits.AsSpan(row * RowBytes, RowBytes);

    /// <summary>Sets a row from bytes.</summary>
    /// <param name="row">Range: 0 to height - 1.</param>
    /// <param name="inside">A byte for each pixel: 0 outside, anything else inside.</param>
    public void SetRow(int row, ReadOnlySpan<byte> inside)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(inside.Length, Width, nameof(inside));
        BitPacking.Pack(inside, _bits.AsSpan(row * RowBytes, RowBytes));
    }

    /// <summary>Adds a run of pixels of a row.</summary>
    /// <param name="row">Range: 0 to height - 1.</param>
    /// <param name="start">First column of the run.</param>
    /// <param name="end">Column after the run. Range: start to width.</param>
    public void AddRun(int row, int start, int end)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(start);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(start, end);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(end, Width);
        if (start == end)
            return;

        Span<byte> bits = _bits.AsSpan(row * RowBytes, RowBytes);
        int first = start >> 3;
        int last = (end - 1) >> 3;
        byte fromStart = (byte)(0xFF >> (start & 7));
        byte toEnd = (byte)(0xFF << (7 - ((end - 1) & 7)));
        if (first == last)
        {
            bits[first] |= (byte)(fromStart & toEnd);
            return;
        }

        bits[first] |= fromStart;
        bits[(first + 1)..last].Fill(0xFF);
        bits[last] |= toEnd;
    }

    /// <summary>The same pixels in the smallest rectangle that holds them; 0 x 0 at the same place if there are none.</summary>
    public BinaryMask Trimmed()
    {
        byte[] columns = new byte[RowBytes];
        int top = Height;
        int bottom = 0;
        for (int row = 0; row < Height; row++)
        {
            ReadOnlySpan<byte> bits = Row(row);
            if (!bits.ContainsAnyExcept((byte)0))
                continue;
            top = Math.Min(top, row);
            bottom = row + 1;
            for (int i = 0; i < columns.Length; i++)
                columns[i] |= bits[i];
        }

        if (bottom == 0)
            return new BinaryMask(X, Y, 0, 0);

        int firstByte = columns.AsSpan().IndexOfAnyExcept((byte)0);
        int lastByte = columns.AsSpan().LastIndexOfAnyExcept((byte)0);
        int left = (firstByte * 8) + BitOperations.LeadingZeroCount((uint)columns[firstByte] << 24);
        int right = (lastByte * 8) + 8 - BitOperations.TrailingZeroCount((uint)columns[lastByte]);
        return Cropped(left, top, right - left, bottom - top);
    }

    private BinaryMask Cropped(int left, int top, int width, int height)
    {
        if (left == 0 && top == 0 && width == Width && height == Height)
            return this;

        var cropped = new BinaryMask(X + left, Y + top, width, height);
        int shift = left & 7;
        byte lastByteMask = (byte)(0xFF << (7 - ((width - 1) & 7)));
        for (int row = 0; row < height; row++)
        {
            ReadOnlySpan<byte> source = Row(top + row)[(left >> 3)..];
            Span<byte> target = cropped._bits.AsSpan(row * cropped.RowBytes, cropped.RowBytes);
            for (int i = 0; i < target.Length; i++)
            {
                int next = i + 1 < source.Length ? source[i + 1] : 0;
                target[i] = (byte)((source[i] << shift) | (next >> (8 - shift)));
            }

            target[^1] &= lastByteMask;
        }

        return cropped;
    }
}

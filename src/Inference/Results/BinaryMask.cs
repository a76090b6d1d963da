using System.Buffers.Binary;
using System.Numerics;

namespace YMaskNet.Inference.Results;

/// <summary>
/// A set of pixels within a rectangle of the image: [height, ceil(width / 8)] bytes, eight pixels to a byte, the left-most
/// in the highest bit, as in a bilevel PNG. Everything outside the rectangle is outside the mask.
/// </summary>
/// <remarks>
/// Invariant: bits beyond the width are 0. A mask lies in an array of its own, or among others in a
/// <see cref="MaskMemory"/>, with which it ends; a copy of the value is the same mask.
/// </remarks>
internal readonly struct BinaryMask
{
    private readonly ArraySegment<byte> _bits;

    /// <summary>Makes a mask without pixels.</summary>
    /// <param name="x">Left-most column of the rectangle in the image.</param>
    /// <param name="y">Top-most row of the rectangle in the image.</param>
    /// <param name="width">Range: >= 0.</param>
    /// <param name="height">Range: >= 0.</param>
    public BinaryMask(int x, int y, int width, int height)
        : this(x, y, width, height, new byte[BytesOf(width, height)])
    {
    }

    /// <summary>Makes a mask without pixels among others.</summary>
    /// <param name="x">Left-most column of the rectangle in the image.</param>
    /// <param name="y">Top-most row of the rectangle in the image.</param>
    /// <param name="width">Range: >= 0.</param>
    /// <param name="height">Range: >= 0.</param>
    /// <param name="memory">Where it is to lie.</param>
    public BinaryMask(int x, int y, int width, int height, MaskMemory memory)
        : this(x, y, width, height, memory.Take(BytesOf(width, height)))
    {
    }

    private BinaryMask(int x, int y, int width, int height, ArraySegment<byte> bits)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(x);
        ArgumentOutOfRangeException.ThrowIfNegative(y);
        X = x;
        Y = y;
        Width = width;
        Height = height;
        RowBytes = RowBytesOf(width);
        _bits = bits;
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

    /// <summary>Bytes that a mask takes.</summary>
    public static int BytesOf(int width, int height)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(width);
        ArgumentOutOfRangeException.ThrowIfNegative(height);
        return RowBytesOf(width) * height;
    }

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

    /// <summary>Takes all rows as they are.</summary>
    /// <param name="bits">In this type's own layout, bits beyond the width 0.</param>
    public void SetBits(ReadOnlySpan<byte> bits)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(bits.Length, _bits.Count, nameof(bits));
        bits.CopyTo(_bits);
    }

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

    /// <summary>The same pixels elsewhere, over the same memory: neither mask must be added to any more.</summary>
    public BinaryMask MovedBy(int columns, int rows) => new(checked(X + columns), checked(Y + rows), Width, Height, _bits);

    /// <summary>The same pixels in an array of their own.</summary>
    public BinaryMask Copied() => new(X, Y, Width, Height, _bits.ToArray());

    /// <summary>Adds the pixels of another mask, whose rectangle lies within this one's.</summary>
    public void Add(BinaryMask other)
    {
        int left = other.X - X;
        ArgumentOutOfRangeException.ThrowIfNegative(left, nameof(other));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(left + other.Width, Width, nameof(other));
        int shift = left & 7;
        for (int row = 0; row < other.Height; row++)
        {
            ReadOnlySpan<byte> source = other.Row(row);
            Span<byte> target = _bits.AsSpan(((other.Y - Y + row) * RowBytes) + (left >> 3), RowBytes - (left >> 3));
            for (int i = 0; i < source.Length; i++)
            {
                target[i] |= (byte)(source[i] >> shift);

                // What is shifted out is 0 where the other mask's rectangle ends, and so may this one's row.
                byte next = (byte)(source[i] << (8 - shift));
                if (next != 0)
                    target[i + 1] |= next;
            }
        }
    }

    /// <summary>Number of pixels in a rectangle of the image, and in another mask too unless that is <see langword="null"/>.</summary>
    /// <param name="left">First column of the rectangle.</param>
    /// <param name="top">First row of the rectangle.</param>
    /// <param name="right">Column after the rectangle.</param>
    /// <param name="bottom">Row after the rectangle.</param>
    /// <param name="other">The other mask.</param>
    public long CountWithin(int left, int top, int right, int bottom, BinaryMask? other = null)
    {
        BinaryMask second = other ?? this;
        left = Math.Max(left, Math.Max(X, second.X));
        top = Math.Max(top, Math.Max(Y, second.Y));
        right = Math.Min(right, Math.Min(X + Width, second.X + second.Width));
        bottom = Math.Min(bottom, Math.Min(Y + Height, second.Y + second.Height));
        long count = 0;
        for (int y = top; y < bottom; y++)
        {
            for (int x = left; x < right; x += 8)
            {
                int bits = EightFrom(x, y);
                if (other is not null)
                    bits &= second.EightFrom(x, y);
                if (right - x < 8)
                    bits &= 0xFF << (8 - (right - x));
                count += BitOperations.PopCount((uint)(bits & 0xFF));
            }
        }

        return count;
    }

    /// <summary>Eight pixels of an image row from a column inside the rectangle on, the left-most in the highest bit.</summary>
    private int EightFrom(int x, int y)
    {
        ReadOnlySpan<byte> row = Row(y - Y);
        int first = (x - X) >> 3;
        int shift = (x - X) & 7;
        int next = first + 1 < row.Length ? row[first + 1] : 0;
        return ((row[first] << shift) | (next >> (8 - shift))) & 0xFF;
    }

    private static int RowBytesOf(int width) => (int)(((long)width + 7) / 8);

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

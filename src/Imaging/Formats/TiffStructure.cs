using System.Buffers.Binary;

namespace YMaskNet.Imaging.Formats;

/// <summary>The first image file directory of a TIFF or BigTIFF file, and the strips or tiles that it points to.</summary>
internal readonly ref struct TiffStructure
{
    private const int Short = 3;
    private const int Long = 4;
    private const int Long8 = 16;

    private const int StripOffsets = 273;
    private const int StripByteCounts = 279;
    private const int TileOffsets = 324;
    private const int TileByteCounts = 325;

    private readonly ReadOnlySpan<byte> _file;
    private readonly bool _littleEndian;
    private readonly bool _big;

    private TiffStructure(ReadOnlySpan<byte> file)
    {
        _file = file;
        _littleEndian = file[0] == (byte)'I';
        _big = (_littleEndian ? file[2] : file[3]) == 43;
    }

    private int OffsetSize => _big ? 8 : 4;

    private int EntrySize => _big ? 20 : 12;

    /// <summary>Whether the first directory, its values, and all strips or tiles are within the file.</summary>
    public static bool IsComplete(ReadOnlySpan<byte> file) => new TiffStructure(file).IsComplete();

    private bool IsComplete()
    {
        int start = _big ? 8 : 4;
        if (!Contains(start, OffsetSize))
            return false;

        ulong directory = ReadUnsigned(start, OffsetSize);
        int countSize = _big ? 8 : 2;
        if (!Contains(directory, (ulong)countSize))
            return false;

        ulong entryCount = ReadUnsigned((int)directory, countSize);
        ulong firstEntry = directory + (ulong)countSize;
        if (entryCount > (ulong)_file.Length || !Contains(firstEntry, entryCount * (ulong)EntrySize))
            return false;

        Values offsets = default;
        Values byteCounts = default;
        for (int i = 0; i < (int)entryCount; i++)
        {
            int entry = (int)firstEntry + (i * EntrySize);
            int tag = (int)ReadUnsigned(entry, 2);
            Values values = ReadEntry(entry);
            if (!Contains(values.Position, values.Count * (ulong)values.Size))
                return false;
            if (tag is StripOffsets or TileOffsets)
                offsets = values;
            else if (tag is StripByteCounts or TileByteCounts)
                byteCounts = values;
        }

        return HasAllParts(offsets, byteCounts);
    }

    private bool HasAllParts(Values offsets, Values byteCounts)
    {
        if (!offsets.AreUnsigned || !byteCounts.AreUnsigned || offsets.Count != byteCounts.Count)
            return true;

        for (ulong i = 0; i < offsets.Count; i++)
        {
            if (!Contains(ReadValue(offsets, i), ReadValue(byteCounts, i)))
                return false;
        }

        return true;
    }

    private Values ReadEntry(int entry)
    {
        int type = (int)ReadUnsigned(entry + 2, 2);
        ulong count = ReadUnsigned(entry + 4, OffsetSize);
        int size = SizeOf(type);
        int inline = entry + 4 + OffsetSize;

        // A count beyond the file can't be met; clamping it keeps the product within 64 bits.
        count = Math.Min(count, (ulong)_file.Length + 1);
        bool isInline = count * (ulong)size <= (ulong)OffsetSize;
        return new Values(type, count, size, isInline ? (ulong)inline : ReadUnsigned(inline, OffsetSize));
    }

    private ulong ReadValue(Values values, ulong index) =>
        ReadUnsigned((int)values.Position + ((int)index * values.Size), values.Size);

    private bool Contains(ulong position, ulong length) =>
        position <= (ulong)_file.Length && length <= (ulong)_file.Length - position;

    private bool Contains(int position, int length) => Contains((ulong)position, (ulong)length);

    private ulong ReadUnsigned(int position, int size)
    {
        ReadOnlySpan<byte> bytes = _file.Slice(position, size);
        return size switch
        {
            2 => _littleEndian ? BinaryPrimitives.ReadUInt16LittleEndian(bytes) : BinaryPrimitives.ReadUInt16BigEndian(bytes),
            4 => _littleEndian ? BinaryPrimitives.ReadUInt32LittleEndian(bytes) : BinaryPrimitives.ReadUInt32BigEndian(bytes),
            _ => _littleEndian ? BinaryPrimitives.ReadUInt64LittleEndian(bytes) : BinaryPrimitives.ReadUInt64BigEndian(bytes),
        };
    }

    /// <summary>Bytes of a value of a TIFF type; 0 for a type that TIFF does not have.</summary>
    private static int SizeOf(int type) => type switch
    {
        1 or 2 or 6 or 7 => 1,
        Short or 8 => 2,
        Long or 9 or 11 or 13 => 4,
        5 or 10 or 12 or Long8 or 17 or 18 => 8,
        _ => 0,
    };

    /// <summary>Where a directory entry's values lie.</summary>
    private readonly record struct Values(int Type, ulong Count, int Size, ulong Position)
    {
        public bool AreUnsigned => Type is Short or Long or Long8;
    }
}

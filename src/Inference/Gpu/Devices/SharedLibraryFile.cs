using System.Buffers.Binary;
using System.Text;

namespace YMaskNet.Inference.Gpu.Devices;

/// <summary>Reads from a shared library of Linux (ELF, 64 bits, little-endian) which other libraries it needs.</summary>
internal sealed class SharedLibraryFile
{
    private const int LoadSegment = 1;
    private const int DynamicSegment = 2;
    private const ulong EndEntry = 0;
    private const ulong NeededEntry = 1;
    private const ulong StringTableEntry = 5;
    private const int HeaderSize = 64;
    private const int ProgramHeaderSize = 56;
    private const int DynamicEntrySize = 16;
    private const int LongestName = 4096;
    private const int MostDynamicEntries = 1 << 16;

    private readonly FileStream _file;
    private readonly List<Segment> _segments = [];

    private SharedLibraryFile(FileStream file) => _file = file;

    /// <summary>False: the file cannot be read, or is no such library.</summary>
    /// <param name="path">The file.</param>
    /// <param name="libraries">The names, in the file's order, such as <c>libcudart.so.13</c>.</param>
    public static bool TryReadNeeded(string path, out IReadOnlyList<string> libraries)
    {
        libraries = [];
        try
        {
            using FileStream file = File.OpenRead(path);
            SharedLibraryFile library = new(file);
            if (!library.TryReadSegments())
                return false;

            libraries = library.ReadNeeded();
            return true;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or InvalidDataException or OverflowException)
        {
            return false;
        }
    }

    private bool TryReadSegments()
    {
        Span<byte> header = stackalloc byte[HeaderSize];
        if (_file.ReadAtLeast(header, HeaderSize, throwOnEndOfStream: false) < HeaderSize
            || !header.StartsWith((ReadOnlySpan<byte>)[0x7f, (byte)'E', (byte)'L', (byte)'F', 2, 1]))
        {
            return false;
        }

        ulong offset = BinaryPrimitives.ReadUInt64LittleEndian(header[32..]);
        int size = BinaryPrimitives.ReadUInt16LittleEndian(header[54..]);
        int count = BinaryPrimitives.ReadUInt16LittleEndian(header[56..]);
        if (size < ProgramHeaderSize)
            return false;

        Span<byte> entry = stackalloc byte[ProgramHeaderSize];
        for (int index = 0; index < count; index++)
        {
            ReadAt(checked((long)offset + (long)index * size), entry);
            _segments.Add(new Segment(
                BinaryPrimitives.ReadInt32LittleEndian(entry),
                BinaryPrimitives.ReadUInt64LittleEndian(entry[8..]),
                BinaryPrimitives.ReadUInt64LittleEndian(entry[16..]),
                BinaryPrimitives.ReadUInt64LittleEndian(entry[32..])));
        }

        return true;
    }

    private List<string> ReadNeeded()
    {
        Segment? dynamic = _segments.Find(segment => segment.Type == DynamicSegment);
        if (dynamic is null)
            return [];

        List<ulong> names = [];
        ulong stringTable = 0;
        Span<byte> entry = stackalloc byte[DynamicEntrySize];
        int count = (int)Math.Min(dynamic.Size / DynamicEntrySize, MostDynamicEntries);
        for (int index = 0; index < count; index++)
        {
            ReadAt(checked((long)dynamic.Offset + (long)index * DynamicEntrySize), entry);
            ulong tag = BinaryPrimitives.ReadUInt64LittleEndian(entry);
            ulong value = BinaryPrimitives.ReadUInt64LittleEndian(entry[8..]);
            if (tag == EndEntry)
                break;
            if (tag == NeededEntry)
                names.Add(value);
            else if (tag == StringTableEntry)
                stringTable = value;
        }

        return names.ConvertAll(name => ReadString(OffsetOf(stringTable + name)));
    }

    // Dynamic entries name addresses; where those are in the file, the segments tell.
    private ulong OffsetOf(ulong address)
    {
        Segment segment = _segments.Find(segment =>
            segment.Type == LoadSegment && address >= segment.Address && address - segment.Address < segment.Size)
            ?? throw new InvalidDataException($"Address {address:x} lies in no segment.");
        return segment.Offset + (address - segment.Address);
    }

    private string ReadString(ulong offset)
    {
        _file.Position = checked((long)offset);
        StringBuilder text = new();
        for (int character = _file.ReadByte(); character > 0 && text.Length < LongestName; character = _file.ReadByte())
            text.Append((char)character);

        return text.ToString();
    }

    private void ReadAt(long offset, Span<byte> bytes)
    {
        _file.Position = offset;
        _file.ReadExactly(bytes);
    }

    private sealed record Segment(int Type, ulong Offset, ulong Address, ulong Size);
}

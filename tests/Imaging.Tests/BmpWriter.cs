using System.Buffers.Binary;

namespace YMaskNet.Imaging.Tests;

/// <summary>Writes BMP files of every kind, right or wrong.</summary>
internal sealed record BmpWriter
{
    public int Width { get; init; } = 5;

    /// <summary>Negative: top-down.</summary>
    public int Height { get; init; } = 3;

    public ushort BitsPerPixel { get; init; } = 24;

    public uint Compression { get; init; }

    public uint DeclaredColours { get; init; }

    /// <summary>12, 40, 52, 56, 64, 108 or 124.</summary>
    public int HeaderSize { get; init; } = 40;

    public uint[] Masks { get; init; } = [];

    /// <summary>Blue, green, red.</summary>
    public byte[][] Palette { get; init; } = [];

    /// <summary>Stored rows, top row first, without padding.</summary>
    public required byte[][] Rows { get; init; }

    public byte[] Write()
    {
        byte[] header = new byte[HeaderSize];
        BinaryPrimitives.WriteInt32LittleEndian(header, HeaderSize);
        if (HeaderSize == 12)
        {
            BinaryPrimitives.WriteInt16LittleEndian(header.AsSpan(4), (short)Width);
            BinaryPrimitives.WriteInt16LittleEndian(header.AsSpan(6), (short)Height);
            BinaryPrimitives.WriteInt16LittleEndian(header.AsSpan(8), 1);
            BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(10), BitsPerPixel);
        }
        else
        {
            BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(4), Width);
            BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(8), Height);
            BinaryPrimitives.WriteInt16LittleEndian(header.AsSpan(12), 1);
            BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(14), BitsPerPixel);
            BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(16), Compression);
            BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(32), DeclaredColours);
        }

        byte[] masks = new byte[Masks.Length * 4];
        for (int i = 0; i < Masks.Length; i++)
            BinaryPrimitives.WriteUInt32LittleEndian(masks.AsSpan(i * 4), Masks[i]);
        if (HeaderSize > 40 && masks.Length > 0)
        {
            masks.CopyTo(header.AsSpan(40));
            masks = [];
        }

        int entrySize = HeaderSize == 12 ? 3 : 4;
        byte[] palette = [.. Palette.SelectMany(colour => colour.Concat(new byte[entrySize - 3]))];
        byte[] pixels = [.. (Height < 0 ? Rows : Rows.Reverse()).SelectMany(row => row.Concat(new byte[(4 - (row.Length % 4)) % 4]))];

        byte[] file = [.. new byte[14], .. header, .. masks, .. palette, .. pixels];
        "BM"u8.CopyTo(file);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(2), file.Length);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(10), file.Length - pixels.Length);
        return file;
    }
}

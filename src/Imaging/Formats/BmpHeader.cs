using System.Buffers.Binary;
using System.Numerics;

namespace YMaskNet.Imaging.Formats;

/// <summary>Headers of a BMP file: what the pixels look like and where they lie.</summary>
/// <param name="Width">Unit: pixels.</param>
/// <param name="Height">Unit: pixels.</param>
/// <param name="IsTopDown">Whether the first stored row is the top one.</param>
/// <param name="BitsPerPixel">1, 4, 8, 16, 24 or 32.</param>
/// <param name="PixelOffset">Position of the first stored row in the file.</param>
/// <param name="PaletteOffset">Position of the palette in the file.</param>
/// <param name="PaletteCount">Number of colours; 0 without a palette.</param>
/// <param name="PaletteEntrySize">3 (OS/2) or 4 bytes: blue, green, red and padding.</param>
/// <param name="Red">Bits of a 16- or 32-bit pixel that hold red.</param>
/// <param name="Green">Bits of a 16- or 32-bit pixel that hold green.</param>
/// <param name="Blue">Bits of a 16- or 32-bit pixel that hold blue.</param>
internal readonly record struct BmpHeader(
    int Width,
    int Height,
    bool IsTopDown,
    int BitsPerPixel,
    uint PixelOffset,
    int PaletteOffset,
    int PaletteCount,
    int PaletteEntrySize,
    uint Red,
    uint Green,
    uint Blue)
{
    private const int FileHeaderSize = 14;
    private const int CoreHeaderSize = 12;
    private const int InfoHeaderSize = 40;
    private const int InfoHeaderWithMasksSize = 52;
    private const int Os2HeaderSize = 64;

    private const uint Uncompressed = 0;
    private const uint BitFields = 3;
    private const uint AlphaBitFields = 6;

    /// <summary>Bytes of one stored row: whole 32-bit words.</summary>
    public long Stride => (((long)Width * BitsPerPixel) + 31) / 32 * 4;

    /// <summary>Reads and checks the headers.</summary>
    /// <exception cref="ImageDecodeException">The headers are truncated, damaged, or of a kind that is not read.</exception>
    public static BmpHeader Read(ReadOnlySpan<byte> file)
    {
        uint pixelOffset = ReadUInt32(file, 10);
        uint size = ReadUInt32(file, FileHeaderSize);
        if (size == CoreHeaderSize)
            return ReadCore(file, pixelOffset);
        if (size is not (InfoHeaderSize or InfoHeaderWithMasksSize or 56 or Os2HeaderSize or 108 or 124))
            throw Damaged($"its header of {size} bytes is of no known kind");
        if (file.Length < FileHeaderSize + size)
            throw Truncated();

        int width = (int)ReadUInt32(file, 18);
        int height = (int)ReadUInt32(file, 22);
        int bitsPerPixel = ReadUInt16(file, 28);
        uint compression = ReadUInt32(file, 30);
        uint declaredColours = ReadUInt32(file, 46);
        if (width <= 0 || height is 0 or int.MinValue)
            throw Damaged($"it declares {width} x {height} pixels");
        if (bitsPerPixel is not (1 or 4 or 8 or 16 or 24 or 32))
            throw Damaged($"it declares {bitsPerPixel} bits per pixel");

        // OS/2 gives the numbers from 3 on another meaning, none of which is uncompressed.
        bool hasMasks = compression is BitFields or AlphaBitFields && size != Os2HeaderSize;
        if (compression != Uncompressed && !hasMasks)
            throw Unsupported($"compression {compression}");
        if (hasMasks && bitsPerPixel is not (16 or 32))
            throw Damaged($"it declares bit fields for {bitsPerPixel} bits per pixel");

        int paletteOffset = FileHeaderSize + (int)size;
        if (hasMasks && size == InfoHeaderSize)
            paletteOffset += compression == AlphaBitFields ? 16 : 12;
        (uint red, uint green, uint blue) = hasMasks ? ReadMasks(file, bitsPerPixel) : DefaultMasks(bitsPerPixel);
        return new BmpHeader(
            width, Math.Abs(height), IsTopDown: height < 0, bitsPerPixel, pixelOffset,
            paletteOffset, PaletteSize(bitsPerPixel, declaredColours), PaletteEntrySize: 4, red, green, blue)
            .Checked();
    }

    /// <summary>Says that the file ends too early.</summary>
    public static ImageDecodeException Truncated() =>
        new(ImageDecodeError.Truncated, "The BMP file ends before its image does.");

    /// <summary>Says that the file contradicts itself.</summary>
    public static ImageDecodeException Damaged(string what) =>
        new(ImageDecodeError.Damaged, $"The BMP file is damaged: {what}.");

    private static ImageDecodeException Unsupported(string what) =>
        new(ImageDecodeError.Unsupported, $"BMP files with {what} are not read; uncompressed ones are.");

    private static BmpHeader ReadCore(ReadOnlySpan<byte> file, uint pixelOffset)
    {
        int width = ReadUInt16(file, 18);
        int height = ReadUInt16(file, 20);
        int bitsPerPixel = ReadUInt16(file, 24);
        if (width == 0 || height == 0)
            throw Damaged($"it declares {width} x {height} pixels");
        if (bitsPerPixel is not (1 or 4 or 8 or 24))
            throw Damaged($"it declares {bitsPerPixel} bits per pixel");

        const int paletteOffset = FileHeaderSize + CoreHeaderSize;
        int colours = PaletteSize(bitsPerPixel, declaredColours: 0);
        // Old writers store fewer colours than the depth allows and let the pixels begin right after them.
        if (pixelOffset > paletteOffset)
            colours = (int)Math.Min(colours, (pixelOffset - paletteOffset) / 3);
        return new BmpHeader(
            width, height, IsTopDown: false, bitsPerPixel, pixelOffset,
            paletteOffset, colours, PaletteEntrySize: 3, Red: 0, Green: 0, Blue: 0)
            .Checked();
    }

    private static int PaletteSize(int bitsPerPixel, uint declaredColours)
    {
        // Deeper files may carry a palette for old displays; it says nothing about the pixels.
        if (bitsPerPixel > 8)
            return 0;
        int most = 1 << bitsPerPixel;
        if (declaredColours > most)
            throw Damaged($"it declares {declaredColours} colours for {bitsPerPixel} bits per pixel");
        return declaredColours == 0 ? most : (int)declaredColours;
    }

    private static (uint Red, uint Green, uint Blue) DefaultMasks(int bitsPerPixel) => bitsPerPixel switch
    {
        16 => (0x7C00, 0x03E0, 0x001F),
        32 => (0x00FF0000, 0x0000FF00, 0x000000FF),
        _ => default,
    };

    private static (uint Red, uint Green, uint Blue) ReadMasks(ReadOnlySpan<byte> file, int bitsPerPixel)
    {
        // The masks follow the 40 bytes of the basic header, whether or not they count as part of it.
        const int offset = FileHeaderSize + InfoHeaderSize;
        uint red = ReadUInt32(file, offset);
        uint green = ReadUInt32(file, offset + 4);
        uint blue = ReadUInt32(file, offset + 8);
        uint depth = bitsPerPixel == 32 ? uint.MaxValue : ushort.MaxValue;
        if (!IsField(red, depth) || !IsField(green, depth) || !IsField(blue, depth)
            || (red & green) != 0 || (red & blue) != 0 || (green & blue) != 0)
        {
            throw Damaged($"its bit fields {red:X8}, {green:X8}, {blue:X8} are not three separate runs of bits");
        }

        return (red, green, blue);
    }

    private static bool IsField(uint mask, uint depth)
    {
        if (mask == 0 || (mask & ~depth) != 0)
            return false;
        uint run = mask >> BitOperations.TrailingZeroCount(mask);
        return (run & (run + 1)) == 0;
    }

    private static ushort ReadUInt16(ReadOnlySpan<byte> file, int offset) =>
        file.Length >= offset + 2 ? BinaryPrimitives.ReadUInt16LittleEndian(file[offset..]) : throw Truncated();

    private static uint ReadUInt32(ReadOnlySpan<byte> file, int offset) =>
        file.Length >= offset + 4 ? BinaryPrimitives.ReadUInt32LittleEndian(file[offset..]) : throw Truncated();

    private BmpHeader Checked() =>
        PixelOffset < PaletteOffset + ((long)PaletteCount * PaletteEntrySize)
            ? throw Damaged($"its pixels begin at byte {PixelOffset}, within its headers")
            : this;
}

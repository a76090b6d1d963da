using System.Buffers.Binary;
using System.IO.Compression;
using YMaskNet.V1;

namespace YMaskNet.Client.Masks;

/// <summary>
/// Reads the one kind of PNG that masks are sent as, 1-bit grey without interlacing, so that the library needs no image
/// codec.
/// </summary>
internal static class BilevelPng
{
    private const int HeaderLength = 13;
    private const int ChunkOverhead = 12;
    private static ReadOnlySpan<byte> Signature => [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0d, 0x0a, 0x1a, 0x0a];

    public static MaskBitmap Read(PngMask mask)
    {
        byte[] file = mask.Data.ToByteArray();
        int width = (int)mask.Width;
        int height = (int)mask.Height;
        using MemoryStream compressed = ReadChunks(file, width, height);
        byte[] rows = Decompress(compressed, width, height);

        int rowBytes = (width + 7) / 8;
        bool[] pixels = new bool[width * height];
        Span<byte> previous = new byte[rowBytes];
        for (int row = 0; row < height; row++)
        {
            Span<byte> line = rows.AsSpan(row * (rowBytes + 1), rowBytes + 1);
            Unfilter(line[0], line[1..], previous);
            previous = line[1..];
            for (int x = 0; x < width; x++)
                pixels[row * width + x] = (previous[x / 8] >> (7 - x % 8) & 1) == 1;
        }

        return new MaskBitmap((int)mask.X, (int)mask.Y, width, height, pixels);
    }

    /// <summary>Checks the header and gathers the compressed pixels.</summary>
    private static MemoryStream ReadChunks(ReadOnlySpan<byte> file, int width, int height)
    {
        if (!file.StartsWith(Signature))
            throw new InvalidDataException("A mask is not a PNG file.");

        MemoryStream compressed = new();
        bool hasHeader = false;
        ReadOnlySpan<byte> rest = file[Signature.Length..];
        while (true)
        {
            if (rest.Length < ChunkOverhead)
                throw Truncated();
            uint length = BinaryPrimitives.ReadUInt32BigEndian(rest);
            if (length > rest.Length - ChunkOverhead)
                throw Truncated();

            ReadOnlySpan<byte> type = rest.Slice(4, 4);
            ReadOnlySpan<byte> data = rest.Slice(8, (int)length);
            if (type.SequenceEqual("IHDR"u8))
            {
                CheckHeader(data, width, height);
                hasHeader = true;
            }
            else if (type.SequenceEqual("IDAT"u8))
            {
                compressed.Write(data);
            }
            else if (type.SequenceEqual("IEND"u8))
            {
                if (!hasHeader)
                    throw new InvalidDataException("A mask's PNG file has no header.");
                compressed.Position = 0;
                return compressed;
            }

            rest = rest[((int)length + ChunkOverhead)..];
        }
    }

    private static void CheckHeader(ReadOnlySpan<byte> header, int width, int height)
    {
        if (header.Length != HeaderLength)
            throw new InvalidDataException("A mask's PNG header is damaged.");

        uint fileWidth = BinaryPrimitives.ReadUInt32BigEndian(header);
        uint fileHeight = BinaryPrimitives.ReadUInt32BigEndian(header[4..]);
        if (fileWidth != width || fileHeight != height)
            throw new InvalidDataException($"A mask's PNG file has {fileWidth} x {fileHeight} pixels, its message says {width} x {height}.");

        (byte bitDepth, byte colourType, byte interlace) = (header[8], header[9], header[12]);
        if (bitDepth != 1 || colourType != 0 || interlace != 0)
            throw new InvalidDataException("A mask's PNG file is not 1-bit grey without interlacing.");
    }

    private static byte[] Decompress(MemoryStream compressed, int width, int height)
    {
        byte[] rows = new byte[height * ((width + 7) / 8 + 1)];
        using ZLibStream inflated = new(compressed, CompressionMode.Decompress);
        if (inflated.ReadAtLeast(rows, rows.Length, throwOnEndOfStream: false) < rows.Length)
            throw Truncated();
        return rows;
    }

    /// <summary>Undoes a row's filter in place. The filters' "pixel to the left" is the byte to the left at this depth.</summary>
    private static void Unfilter(byte filter, Span<byte> row, ReadOnlySpan<byte> above)
    {
        for (int i = 0; i < row.Length; i++)
        {
            byte left = i > 0 ? row[i - 1] : (byte)0;
            byte aboveLeft = i > 0 ? above[i - 1] : (byte)0;
            row[i] += filter switch
            {
                0 => 0,
                1 => left,
                2 => above[i],
                3 => (byte)((left + above[i]) / 2),
                4 => Paeth(left, above[i], aboveLeft),
                _ => throw new InvalidDataException($"A mask's PNG file uses the unknown filter {filter}."),
            };
        }
    }

    private static byte Paeth(byte left, byte above, byte aboveLeft)
    {
        int toLeft = Math.Abs(above - aboveLeft);
        int toAbove = Math.Abs(left - aboveLeft);
        int toAboveLeft = Math.Abs(left + above - 2 * aboveLeft);
        if (toLeft <= toAbove && toLeft <= toAboveLeft)
            return left;
        return toAbove <= toAboveLeft ? above : aboveLeft;
    }

    private static InvalidDataException Truncated() => new("A mask's PNG file is truncated.");
}

using System.Buffers.Binary;
using System.IO.Compression;
using YMaskNet.Imaging.Formats;

namespace YMaskNet.Imaging;

/// <summary>Writes PNG files: bilevel, 8-bit grey, and 8-bit red, green, blue. All methods are thread-safe.</summary>
public static class PngEncoder
{
    private const byte Grey = 0;
    private const byte Rgb = 2;

    private static ReadOnlySpan<byte> Signature => [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A];

    /// <summary>Encodes bilevel pixels.</summary>
    /// <param name="bits">
    /// [height, ceil(width / 8)], eight pixels to a byte, the left-most in the highest bit; 1 is white, 0 is black.
    /// Bits beyond the width must be 0.
    /// </param>
    /// <param name="width">Unit: pixels. Range: >= 1.</param>
    /// <param name="height">Unit: pixels. Range: >= 1.</param>
    /// <exception cref="ArgumentException">The number of bytes does not match the size.</exception>
    public static byte[] EncodeGray1(ReadOnlySpan<byte> bits, int width, int height)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        return Encode(bits, width, height, rowBytes: ((width - 1) / 8) + 1, stride: ((width - 1) / 8) + 1, bitDepth: 1, Grey);
    }

    /// <summary>Encodes 8-bit grey pixels.</summary>
    /// <param name="pixels">[height, width], rows <paramref name="stride"/> bytes apart.</param>
    /// <param name="width">Unit: pixels. Range: >= 1.</param>
    /// <param name="height">Unit: pixels. Range: >= 1.</param>
    /// <param name="stride">Bytes from row to row; 0: rows follow each other without padding.</param>
    /// <exception cref="ArgumentException">The number of bytes does not match the size.</exception>
    public static byte[] EncodeGray8(ReadOnlySpan<byte> pixels, int width, int height, int stride = 0) =>
        Encode(pixels, width, height, rowBytes: width, stride == 0 ? width : stride, bitDepth: 8, Grey);

    /// <summary>Encodes 8-bit red, green, blue pixels.</summary>
    /// <param name="pixels">[height, width, 3], rows <paramref name="stride"/> bytes apart.</param>
    /// <param name="width">Unit: pixels. Range: >= 1.</param>
    /// <param name="height">Unit: pixels. Range: >= 1.</param>
    /// <param name="stride">Bytes from row to row; 0: rows follow each other without padding.</param>
    /// <exception cref="ArgumentException">The number of bytes does not match the size.</exception>
    public static byte[] EncodeRgb8(ReadOnlySpan<byte> pixels, int width, int height, int stride = 0)
    {
        int rowBytes = checked(width * 3);
        return Encode(pixels, width, height, rowBytes, stride == 0 ? rowBytes : stride, bitDepth: 8, Rgb);
    }

    private static byte[] Encode(
        ReadOnlySpan<byte> pixels, int width, int height, int rowBytes, int stride, byte bitDepth, byte colourType)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(stride, rowBytes);
        long needed = ((long)stride * (height - 1)) + rowBytes;
        if (pixels.Length < needed)
        {
            throw new ArgumentException(
                $"{width} x {height} pixels of {stride} bytes a row need {needed} bytes; there are {pixels.Length}.", nameof(pixels));
        }

        using var compressed = new MemoryStream();
        using (var zlib = new ZLibStream(compressed, CompressionLevel.Optimal, leaveOpen: true))
        {
            var filter = new PngFilter(rowBytes, bytesPerPixel: colourType == Rgb ? 3 : 1, isAdaptive: bitDepth == 8);
            for (int y = 0; y < height; y++)
                zlib.Write(filter.Apply(pixels.Slice(y * stride, rowBytes)));
        }

        Span<byte> header = stackalloc byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header[4..], height);
        header[8] = bitDepth;
        header[9] = colourType;
        // Compression, filter method and interlace are 0: deflate, adaptive, none.
        header[10..].Clear();

        ReadOnlySpan<byte> data = compressed.GetBuffer().AsSpan(0, (int)compressed.Length);
        byte[] file = new byte[Signature.Length + PngChunk.Overhead * 3 + header.Length + data.Length];
        Signature.CopyTo(file);
        Span<byte> rest = file.AsSpan(Signature.Length);
        rest = rest[PngChunk.Write(rest, "IHDR"u8, header)..];
        rest = rest[PngChunk.Write(rest, "IDAT"u8, data)..];
        PngChunk.Write(rest, "IEND"u8, []);
        return file;
    }
}

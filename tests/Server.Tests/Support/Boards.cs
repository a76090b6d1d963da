using System.Buffers.Binary;
using Google.Protobuf;

namespace YMaskNet.Server.Tests.Support;

/// <summary>The board of two blobs (see <see cref="BlobBoard"/>) in the forms in which callers send images.</summary>
internal static class Boards
{
    public const int Side = 64;

    private static readonly byte[] Pixels = BlobBoard.TwoBlobs().Pixels;

    public static byte[] PngFile { get; } = TestFile.Read("board.png");

    public static Wire.Image Png => Encoded(PngFile);

    public static Wire.Image Mono8 => Raw(Wire.PixelFormat.Mono8, Pixels);

    public static Wire.Image Encoded(byte[] file) => new() { Encoded = ByteString.CopyFrom(file) };

    public static Wire.Image Raw(Wire.PixelFormat format, byte[] data, uint width = Side, uint height = Side, uint stride = 0) => new()
    {
        Raw = new Wire.RawImage
        {
            Data = ByteString.CopyFrom(data),
            PixelFormat = format,
            Width = width,
            Height = height,
            Stride = stride,
        },
    };

    /// <summary>The board in a raw format.</summary>
    public static Wire.Image Raw(Wire.PixelFormat format) => Raw(format, format switch
    {
        Wire.PixelFormat.Mono8 or Wire.PixelFormat.BayerRg8 => Pixels,
        Wire.PixelFormat.Mono10 => Words(1023),
        Wire.PixelFormat.Mono12 => Words(4095),
        Wire.PixelFormat.Mono16 => Words(65535),
        Wire.PixelFormat.Rgb8 or Wire.PixelFormat.Bgr8 => [.. Pixels.SelectMany(pixel => new[] { pixel, pixel, pixel })],
        _ => throw new ArgumentOutOfRangeException(nameof(format), format, "There is no board in this format."),
    });

    /// <summary>The board with rows further apart than they are long, and the last one without padding.</summary>
    public static Wire.Image Padded(uint stride)
    {
        byte[] data = new byte[((Side - 1) * (int)stride) + Side];
        Array.Fill(data, (byte)255);
        for (int row = 0; row < Side; row++)
            Pixels.AsSpan(row * Side, Side).CopyTo(data.AsSpan(row * (int)stride));

        return Raw(Wire.PixelFormat.Mono8, data, stride: stride);
    }

    private static byte[] Words(int max)
    {
        byte[] words = new byte[Pixels.Length * 2];
        for (int i = 0; i < Pixels.Length; i++)
            BinaryPrimitives.WriteUInt16LittleEndian(words.AsSpan(2 * i), (ushort)(((Pixels[i] * max) + 127) / 255));

        return words;
    }
}

using FsCheck;
using FsCheck.Fluent;
using YMaskNet.Imaging.Formats;

namespace YMaskNet.Imaging.Tests;

public sealed class PngEncoderTests
{
    [Fact]
    public void Crc32_OfTheCheckString_IsThePublishedValue() =>
        Assert.Equal(0xCBF43926u, PngChunk.Crc32("123456789"u8));

    [Fact]
    public void EncodeGray8_AnyPixels_RoundTrips() => Prop.ForAll(Sizes().ToArbitrary(), size =>
    {
        byte[] pixels = Noise(size.Width * size.Height, size.Seed);

        using PixelBuffer decoded = Decode(PngEncoder.EncodeGray8(pixels, size.Width, size.Height));

        return decoded.Channels == 1 && decoded.Width == size.Width && decoded.Bytes.SequenceEqual(pixels);
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void EncodeRgb8_AnyPixels_RoundTrips() => Prop.ForAll(Sizes().ToArbitrary(), size =>
    {
        byte[] pixels = Noise(size.Width * size.Height * 3, size.Seed);

        using PixelBuffer decoded = Decode(PngEncoder.EncodeRgb8(pixels, size.Width, size.Height));

        return decoded.Channels == 3 && decoded.Width == size.Width && decoded.Bytes.SequenceEqual(pixels);
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void EncodeGray1_AnyBits_RoundTrips() => Prop.ForAll(Sizes().ToArbitrary(), size =>
    {
        byte[] expected = [.. Noise(size.Width * size.Height, size.Seed).Select(value => value > 127 ? (byte)255 : (byte)0)];
        int rowBytes = (size.Width + 7) / 8;
        byte[] bits = new byte[rowBytes * size.Height];
        for (int i = 0; i < expected.Length; i++)
        {
            if (expected[i] != 0)
                bits[(i / size.Width * rowBytes) + (i % size.Width / 8)] |= (byte)(0x80 >> (i % size.Width % 8));
        }

        using PixelBuffer decoded = Decode(PngEncoder.EncodeGray1(bits, size.Width, size.Height));

        return decoded.Channels == 1 && decoded.Width == size.Width && decoded.Bytes.SequenceEqual(expected);
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void EncodeRgb8_PaddedRows_LeavesThePaddingOut()
    {
        byte[] padded = [1, 2, 3, 99, 4, 5, 6];

        using PixelBuffer decoded = Decode(PngEncoder.EncodeRgb8(padded, width: 1, height: 2, stride: 4));

        Assert.Equal([1, 2, 3, 4, 5, 6], decoded.Bytes.ToArray());
    }

    [Fact]
    public void EncodeGray8_Gradient_IsMuchSmallerThanItsPixels()
    {
        byte[] pixels = [.. Enumerable.Range(0, 256 * 256).Select(i => (byte)((i % 256) + (i / 256)))];

        Assert.InRange(PngEncoder.EncodeGray8(pixels, 256, 256).Length, 1, pixels.Length / 20);
    }

    [Fact]
    public void Encode_WrongNumberOfBytes_Throws()
    {
        Assert.Throws<ArgumentException>(() => PngEncoder.EncodeGray8(new byte[5], width: 2, height: 3));
        Assert.Throws<ArgumentException>(() => PngEncoder.EncodeRgb8(new byte[17], width: 2, height: 3));
        Assert.Throws<ArgumentException>(() => PngEncoder.EncodeGray1(new byte[5], width: 9, height: 3));
        Assert.Throws<ArgumentOutOfRangeException>(() => PngEncoder.EncodeGray8([], width: 0, height: 3));
    }

    private static PixelBuffer Decode(byte[] png) => ImageDecoder.Decode(png, ImageLimits.Default);

    private static Gen<(int Width, int Height, int Seed)> Sizes() =>
        from width in Gen.Choose(1, 40)
        from height in Gen.Choose(1, 40)
        from seed in Gen.Choose(0, int.MaxValue)
        select (width, height, seed);

    private static byte[] Noise(int length, int seed)
    {
        byte[] noise = new byte[length];
        new Random(seed).NextBytes(noise);
        return noise;
    }
}

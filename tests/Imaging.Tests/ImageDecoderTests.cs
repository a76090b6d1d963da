namespace YMaskNet.Imaging.Tests;

public sealed class ImageDecoderTests
{
    [Theory]
    [InlineData("grey.jpg", ImageFileFormat.Jpeg, 1, 8, 1)]
    [InlineData("colour.jpg", ImageFileFormat.Jpeg, 3, 8, 2)]
    [InlineData("progressive.jpg", ImageFileFormat.Jpeg, 3, 8, 2)]
    [InlineData("palette.png", ImageFileFormat.Png, 3, 8, 0)]
    [InlineData("grey-alpha.png", ImageFileFormat.Png, 1, 8, 0)]
    [InlineData("colour-alpha.png", ImageFileFormat.Png, 3, 8, 0)]
    [InlineData("grey16.png", ImageFileFormat.Png, 1, 16, 0)]
    [InlineData("grey.tif", ImageFileFormat.Tiff, 1, 8, 0)]
    [InlineData("bilevel.tif", ImageFileFormat.Tiff, 1, 8, 0)]
    [InlineData("colour-lzw.tif", ImageFileFormat.Tiff, 3, 8, 0)]
    [InlineData("colour-deflate.tif", ImageFileFormat.Tiff, 3, 8, 0)]
    [InlineData("grey16.tif", ImageFileFormat.Tiff, 1, 16, 0)]
    [InlineData("grey16-big-endian.tif", ImageFileFormat.Tiff, 1, 16, 0)]
    [InlineData("lossless.webp", ImageFileFormat.WebP, 3, 8, 0)]
    [InlineData("lossy.webp", ImageFileFormat.WebP, 3, 8, 1)]
    public void Decode_FileOfEachKind_GivesPillowsPixels(
        string name, ImageFileFormat format, int channels, int bits, int tolerance)
    {
        byte[] file = TestFile.Read(name);

        ImageInfo info = ImageDecoder.ReadHeader(file);
        using PixelBuffer pixels = ImageDecoder.Decode(file, ImageLimits.Default, TestContext.Current.CancellationToken);

        Assert.Equal(new ImageInfo(format, TestFile.Width, TestFile.Height, channels, bits), info);
        Assert.Equal((TestFile.Width, TestFile.Height, channels, bits), (pixels.Width, pixels.Height, pixels.Channels, pixels.BitsPerSample));
        byte[] expected = TestFile.ReadPixels(name);
        Assert.Equal(expected.Length, pixels.Bytes.Length);
        // Decoders of lossy formats may round differently.
        int worst = 0;
        for (int i = 0; i < expected.Length; i++)
            worst = Math.Max(worst, Math.Abs(expected[i] - pixels.Bytes[i]));
        Assert.InRange(worst, 0, tolerance);
    }

    [Fact]
    public void Decode_CmykJpeg_GivesColour()
    {
        using PixelBuffer pixels = ImageDecoder.Decode(TestFile.Read("cmyk.jpg"), ImageLimits.Default);

        Assert.Equal((TestFile.Width, TestFile.Height, 3, 8), (pixels.Width, pixels.Height, pixels.Channels, pixels.BitsPerSample));
        // The gradient's dark and bright corners stay so, whatever the conversion.
        Assert.True(pixels.RowBytes(0)[..3].ToArray().Max() < 80);
        Assert.True(pixels.RowBytes(TestFile.Height - 1)[^3..].ToArray().Min() > 180);
    }

    [Theory]
    [InlineData(1, new byte[] { 0b1010_0000 }, new byte[] { 255, 0, 255 })]
    [InlineData(2, new byte[] { 0b0001_1100 }, new byte[] { 0, 85, 255 })]
    [InlineData(4, new byte[] { 0x0F, 0x30 }, new byte[] { 0, 255, 51 })]
    public void Decode_GreyPngOfFewBits_IsScaledToBytes(byte bitDepth, byte[] packed, byte[] expected)
    {
        byte[] file = PngWriter.Write(width: 3, height: 1, bitDepth, PngWriter.Grey, packed);

        using PixelBuffer pixels = ImageDecoder.Decode(file, ImageLimits.Default);

        Assert.Equal(1, pixels.Channels);
        Assert.Equal(expected, pixels.Row8(0).ToArray());
    }

    [Fact]
    public void Decode_ColourPngOf16Bits_KeepsAllBits()
    {
        byte[] packed = [0x12, 0x34, 0xFF, 0xFF, 0x00, 0x01];

        using PixelBuffer pixels = ImageDecoder.Decode(
            PngWriter.Write(width: 1, height: 1, bitDepth: 16, PngWriter.Rgb, packed), ImageLimits.Default);

        Assert.Equal([0x1234, 0xFFFF, 0x0001], pixels.Row16(0).ToArray());
    }

    [Fact]
    public void Decode_ImageOfManyStrips_HasEveryRowInItsPlace()
    {
        const int width = 3000;
        const int height = 1100;
        byte[] expected = new byte[width * height];
        new Random(1).NextBytes(expected);

        using PixelBuffer pixels = ImageDecoder.Decode(PngEncoder.EncodeGray8(expected, width, height), ImageLimits.Default);

        Assert.True(pixels.Bytes.SequenceEqual(expected));
    }

    [Fact]
    public void Decode_BytesAfterTheImage_AreIgnored()
    {
        foreach (string name in (string[])["colour.jpg", "grey16.png", "lossless.webp", "grey.tif"])
        {
            byte[] file = [.. TestFile.Read(name), 1, 2, 3];

            using PixelBuffer pixels = ImageDecoder.Decode(file, ImageLimits.Default);

            Assert.Equal(TestFile.Width, pixels.Width);
        }
    }

    [Fact]
    public void Decode_InParallel_GivesTheSamePixels()
    {
        byte[] file = TestFile.Read("colour-lzw.tif");
        byte[] expected = TestFile.ReadPixels("colour-lzw.tif");

        Parallel.For(0, 200, _ =>
        {
            using PixelBuffer pixels = ImageDecoder.Decode(file, ImageLimits.Default);
            Assert.True(pixels.Bytes.SequenceEqual(expected));
        });
    }

    [Fact]
    public void Decode_CancelledToken_Throws()
    {
        var cancelled = new CancellationToken(canceled: true);

        Assert.Throws<OperationCanceledException>(
            () => ImageDecoder.Decode(TestFile.Read("grey.jpg"), ImageLimits.Default, cancelled).Dispose());
        Assert.Throws<OperationCanceledException>(
            () => ImageDecoder.Decode(new BmpWriter { Rows = [new byte[15], new byte[15], new byte[15]] }.Write(), ImageLimits.Default, cancelled).Dispose());
    }
}

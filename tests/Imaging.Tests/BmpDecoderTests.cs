namespace YMaskNet.Imaging.Tests;

public sealed class BmpDecoderTests
{
    private static readonly byte[][] GreyPalette = [.. Enumerable.Range(0, 256).Select(i => new[] { (byte)i, (byte)i, (byte)i })];
    private static readonly byte[][] ColourPalette = [[0, 0, 0], [30, 20, 10], [3, 2, 1], [60, 50, 40]];

    [Fact]
    public void Decode_EightBitsWithGreyPalette_IsOneChannel()
    {
        byte[] file = new BmpWriter { Width = 3, Height = 2, BitsPerPixel = 8, Palette = GreyPalette, Rows = [[1, 2, 3], [4, 5, 6]] }.Write();

        using PixelBuffer pixels = Decode(file);

        Assert.Equal(new ImageInfo(ImageFileFormat.Bmp, 3, 2, 1, 8), ImageDecoder.ReadHeader(file));
        Assert.Equal([1, 2, 3, 4, 5, 6], pixels.Bytes.ToArray());
    }

    [Theory]
    [InlineData(8, new byte[] { 1, 2, 3 })]
    [InlineData(4, new byte[] { 0x12, 0x30 })]
    public void Decode_ColourPalette_IsRedGreenBlue(ushort bits, byte[] row)
    {
        byte[] file = new BmpWriter
        {
            Width = 3, Height = -1, BitsPerPixel = bits, DeclaredColours = 4, Palette = ColourPalette, Rows = [row],
        }.Write();

        using PixelBuffer pixels = Decode(file);

        Assert.Equal([10, 20, 30, 1, 2, 3, 40, 50, 60], pixels.Bytes.ToArray());
    }

    [Fact]
    public void Decode_OneBit_ReadsTheHighestBitFirst()
    {
        byte[] file = new BmpWriter
        {
            Width = 10, Height = 1, BitsPerPixel = 1, Palette = [[0, 0, 0], [255, 255, 255]], Rows = [[0b1000_0001, 0b0100_0000]],
        }.Write();

        using PixelBuffer pixels = Decode(file);

        Assert.Equal([255, 0, 0, 0, 0, 0, 0, 255, 0, 255], pixels.Bytes.ToArray());
    }

    [Theory]
    [InlineData(12)]
    [InlineData(40)]
    [InlineData(64)]
    [InlineData(108)]
    [InlineData(124)]
    public void Decode_24BitsWithEachHeader_SwapsBlueAndRed(int headerSize)
    {
        byte[] file = new BmpWriter { Width = 1, Height = 2, HeaderSize = headerSize, Rows = [[1, 2, 3], [4, 5, 6]] }.Write();

        using PixelBuffer pixels = Decode(file);

        Assert.Equal([3, 2, 1, 6, 5, 4], pixels.Bytes.ToArray());
    }

    [Fact]
    public void Decode_TopDown_KeepsTheOrderOfRows()
    {
        byte[] file = new BmpWriter { Width = 1, Height = -2, Rows = [[1, 2, 3], [4, 5, 6]] }.Write();

        using PixelBuffer pixels = Decode(file);

        Assert.Equal([3, 2, 1, 6, 5, 4], pixels.Bytes.ToArray());
    }

    [Fact]
    public void Decode_32Bits_DropsTheFourthByte()
    {
        byte[] file = new BmpWriter { Width = 2, Height = 1, BitsPerPixel = 32, Rows = [[1, 2, 3, 99, 4, 5, 6, 0]] }.Write();

        using PixelBuffer pixels = Decode(file);

        Assert.Equal([3, 2, 1, 6, 5, 4], pixels.Bytes.ToArray());
    }

    [Fact]
    public void Decode_16BitsWithoutFields_IsFiveBitsEach()
    {
        // 0 rrrrr ggggg bbbbb: full red, half green, no blue.
        byte[] file = new BmpWriter { Width = 1, Height = 1, BitsPerPixel = 16, Rows = [[0b0000_0000, 0b0111_1110]] }.Write();

        using PixelBuffer pixels = Decode(file);

        Assert.Equal([255, 132, 0], pixels.Bytes.ToArray());
    }

    [Theory]
    [InlineData(40)]
    [InlineData(52)]
    [InlineData(124)]
    public void Decode_BitFields_AreFollowed(int headerSize)
    {
        byte[] file = new BmpWriter
        {
            Width = 1, Height = 1, BitsPerPixel = 32, Compression = 3, HeaderSize = headerSize,
            Masks = [0x000000FF, 0x0003FF00, 0xFF000000], Rows = [[200, 0xFF, 0x03, 100]],
        }.Write();

        using PixelBuffer pixels = Decode(file);

        Assert.Equal([200, 255, 100], pixels.Bytes.ToArray());
    }

    [Fact]
    public void Decode_CutAnywhere_IsTruncated()
    {
        byte[] file = new BmpWriter { Rows = [new byte[15], new byte[15], new byte[15]] }.Write();

        // The last byte is padding, which may be missing.
        for (int length = 1; length < file.Length - 1; length++)
            Assert.Equal(ImageDecodeError.Truncated, ErrorOf(file[..length]));
        Decode(file[..^1]).Dispose();
    }

    [Fact]
    public void Decode_RunLengthCoded_IsUnsupported() =>
        Assert.Equal(ImageDecodeError.Unsupported, ErrorOf(new BmpWriter { Width = 1, Height = 1, BitsPerPixel = 8, Compression = 1, Palette = GreyPalette, Rows = [[0]] }.Write()));

    [Fact]
    public void Decode_IndexBeyondThePalette_IsDamaged() =>
        Assert.Equal(ImageDecodeError.Damaged, ErrorOf(new BmpWriter { Width = 1, Height = 1, BitsPerPixel = 8, DeclaredColours = 4, Palette = ColourPalette, Rows = [[4]] }.Write()));

    [Theory]
    [InlineData(0, 1, 24, 0u)]
    [InlineData(-1, 1, 24, 0u)]
    [InlineData(1, 0, 24, 0u)]
    [InlineData(1, int.MinValue, 24, 0u)]
    [InlineData(1, 1, 7, 0u)]
    [InlineData(1, 1, 24, 3u)]
    [InlineData(1, 1, 16, 3u)]
    public void Decode_HeaderThatMakesNoSense_IsDamaged(int width, int height, int bits, uint compression)
    {
        byte[] file = new BmpWriter { Width = width, Height = height, BitsPerPixel = (ushort)bits, Compression = compression, Rows = [new byte[64]] }.Write();

        Assert.Equal(ImageDecodeError.Damaged, ErrorOf(file));
    }

    [Fact]
    public void Decode_PixelsWithinTheHeader_IsDamaged()
    {
        byte[] file = new BmpWriter { Rows = [new byte[15], new byte[15], new byte[15]] }.Write();
        file[10] = 20;

        Assert.Equal(ImageDecodeError.Damaged, ErrorOf(file));
    }

    [Fact]
    public void Decode_HugeDeclaredSize_IsTooLarge() =>
        Assert.Equal(ImageDecodeError.TooLarge, ErrorOf(new BmpWriter { Width = int.MaxValue, Height = int.MaxValue, Rows = [new byte[3]] }.Write()));

    private static PixelBuffer Decode(byte[] file) => ImageDecoder.Decode(file, ImageLimits.Default);

    private static ImageDecodeError ErrorOf(byte[] file) =>
        Assert.Throws<ImageDecodeException>(() => Decode(file).Dispose()).Error;
}

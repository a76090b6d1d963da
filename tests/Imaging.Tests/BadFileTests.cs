using System.IO.Compression;

namespace YMaskNet.Imaging.Tests;

public sealed class BadFileTests
{
    public static TheoryData<string> Files => new(
        "grey.jpg", "colour.jpg", "progressive.jpg", "palette.png", "grey16.png", "grey.tif", "colour-lzw.tif",
        "colour-deflate.tif", "grey16-big-endian.tif", "lossless.webp", "lossy.webp");

    [Fact]
    public void Decode_NoBytes_IsEmpty() => Assert.Equal(ImageDecodeError.Empty, ErrorOf([]));

    [Theory]
    [InlineData("This is no image at all.")]
    [InlineData("GIF89a and what follows")]
    [InlineData("RIFF....WAVEfmt ")]
    [InlineData("<svg xmlns='http://www.w3.org/2000/svg'/>")]
    public void Decode_OtherBytes_IsUnknownFormat(string text) =>
        Assert.Equal(ImageDecodeError.UnknownFormat, ErrorOf(System.Text.Encoding.ASCII.GetBytes(text)));

    [Theory]
    [MemberData(nameof(Files))]
    public void Decode_FileCutAnywhere_IsTruncated(string name)
    {
        byte[] file = TestFile.Read(name);

        for (int length = 1; length < file.Length; length++)
        {
            ImageDecodeError error = ErrorOf(file[..length]);
            Assert.True(error == ImageDecodeError.Truncated, $"Cut to {length} of {file.Length} bytes: {error}.");
        }
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Decode_AnyByteChanged_GivesAnImageOrADecodeError(string name)
    {
        byte[] file = TestFile.Read(name);
        var limits = new ImageLimits(MaxSide: 2000, MaxPixels: 1_000_000);

        for (int position = 0; position < file.Length; position++)
        {
            byte[] changed = [.. file];
            changed[position] ^= 0x55;
            try
            {
                ImageDecoder.Decode(changed, limits).Dispose();
            }
            catch (ImageDecodeException exception)
            {
                Assert.NotEmpty(exception.Message);
            }
        }
    }

    [Fact]
    public void Decode_PngWithWrongChecksum_IsDamaged()
    {
        byte[] file = TestFile.Read("grey16.png");
        file[^20] ^= 1;

        Assert.Equal(ImageDecodeError.Damaged, ErrorOf(file));
    }

    [Fact]
    public void Decode_JpegWithCorruptScan_IsDamaged()
    {
        byte[] file = TestFile.Read("colour.jpg");
        // A restart marker where none may be, in the middle of the compressed data.
        file[^60] = 0xFF;
        file[^59] = 0xD3;

        Assert.Equal(ImageDecodeError.Damaged, ErrorOf(file));
    }

    [Fact]
    public void Decode_PngWithTooFewPixels_IsDamaged()
    {
        using var data = new MemoryStream();
        using (var zlib = new ZLibStream(data, CompressionLevel.Fastest, leaveOpen: true))
            zlib.Write(new byte[50]);

        Assert.Equal(ImageDecodeError.Damaged, ErrorOf(PngWriter.WriteCompressed(100, 100, 8, PngWriter.Grey, data.ToArray())));
    }

    [Fact]
    public void Decode_FloatTiff_IsUnsupported() =>
        Assert.Equal(ImageDecodeError.Unsupported, ErrorOf(TestFile.Read("float.tif")));

    [Theory]
    [InlineData(60_000, 60_000)]
    [InlineData(70_000, 1)]
    [InlineData(1, 70_000)]
    public void Decode_HugeDeclaredSize_IsTooLargeAndAllocatesNothing(int width, int height)
    {
        byte[] bomb = PngWriter.WriteCompressed(width, height, 8, PngWriter.Rgb, [0x78, 0x9C]);
        ErrorOf(bomb);

        long before = GC.GetAllocatedBytesForCurrentThread();
        ImageDecodeError error = ErrorOf(bomb);
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.Equal(ImageDecodeError.TooLarge, error);
        Assert.InRange(allocated, 0, 100_000);
    }

    [Fact]
    public void Decode_LargerThanTheCallersLimits_IsTooLarge()
    {
        byte[] file = TestFile.Read("grey.jpg");

        using PixelBuffer atTheLimit = ImageDecoder.Decode(file, new ImageLimits(TestFile.Width, TestFile.Width * TestFile.Height));

        Assert.Equal(ImageDecodeError.TooLarge, ErrorOf(file, new ImageLimits(TestFile.Width - 1, 1_000_000)));
        Assert.Equal(ImageDecodeError.TooLarge, ErrorOf(file, new ImageLimits(100, (TestFile.Width * TestFile.Height) - 1)));
    }

    private static ImageDecodeError ErrorOf(byte[] file, ImageLimits? limits = null) =>
        Assert.Throws<ImageDecodeException>(() => ImageDecoder.Decode(file, limits ?? ImageLimits.Default).Dispose()).Error;
}

using YMaskNet.Inference.Frames;

namespace YMaskNet.Inference.Tests.Frames;

public sealed class RawFrameReaderTests
{
    [Theory]
    [InlineData(PixelFormat.Mono8, 1, 255)]
    [InlineData(PixelFormat.Rgb8, 3, 255)]
    [InlineData(PixelFormat.Mono10, 2, 1023)]
    [InlineData(PixelFormat.Mono12, 2, 4095)]
    [InlineData(PixelFormat.Mono16, 2, 65535)]
    public void Read_PixelsThatNeedNoConversion_StayInTheCallersMemory(PixelFormat format, int bytesPerPixel, int maxSample)
    {
        byte[] data = new byte[5 * bytesPerPixel * 4];
        for (int i = 0; i < data.Length; i++)
            data[i] = (byte)(bytesPerPixel == 2 && i % 2 == 1 ? i % 4 : i);

        using Frame frame = RawFrameReader.Read(new RawImage(data, format, Width: 5, Height: 4), new FrameLimits());
        data[^(5 * bytesPerPixel)] = 77;

        Assert.Equal((5, 4, bytesPerPixel == 3 ? 3 : 1, bytesPerPixel == 2 ? 16 : 8), (frame.Width, frame.Height, frame.Channels, frame.BitsPerSample));
        Assert.Equal(maxSample, frame.MaxSample);
        int first = TestFrames.Sample(frame, 0, 3, 0);
        Assert.Equal(77, first & 0xFF);
    }

    [Fact]
    public void Read_SixteenBits_AreLittleEndian()
    {
        using Frame frame = RawFrameReader.Read(new RawImage(new byte[] { 0x34, 0x12 }, PixelFormat.Mono16, 1, 1), new FrameLimits());

        Assert.Equal([0x1234], frame.Row16(0).ToArray());
    }

    [Fact]
    public void Read_Bgr_BecomesRgb()
    {
        byte[] data = [1, 2, 3, 4, 5, 6, 99, 7, 8, 9, 10, 11, 12];

        using Frame frame = RawFrameReader.Read(new RawImage(data, PixelFormat.Bgr8, 2, 2, Stride: 7), new FrameLimits());

        Assert.Equal([3, 2, 1, 6, 5, 4], frame.Row8(0).ToArray());
        Assert.Equal([9, 8, 7, 12, 11, 10], frame.Row8(1).ToArray());
    }

    [Fact]
    public void Read_Bayer_BecomesRgb()
    {
        using Frame frame = RawFrameReader.Read(
            new RawImage(new byte[] { 200, 100, 100, 50 }, PixelFormat.BayerRG8, 2, 2), new FrameLimits());

        Assert.Equal([200, 100, 50, 200, 100, 50], frame.Row8(1).ToArray());
    }

    [Theory]
    // 3 rows of 4 pixels, 7 bytes apart: 18 bytes at least, 21 at most
    [InlineData(17, false)]
    [InlineData(18, true)]
    [InlineData(19, true)]
    [InlineData(21, true)]
    [InlineData(22, false)]
    public void Read_PaddedRows_AcceptsTheLastWithoutItsPadding(int length, bool isAccepted)
    {
        byte[] data = [.. Enumerable.Range(0, length).Select(i => (byte)i)];
        var image = new RawImage(data, PixelFormat.Mono8, Width: 4, Height: 3, Stride: 7);

        if (isAccepted)
        {
            using Frame frame = RawFrameReader.Read(image, new FrameLimits());
            Assert.Equal([14, 15, 16, 17], frame.Row8(2).ToArray());
        }
        else
        {
            AssertRefused(image, InspectionErrorKind.InvalidArgument, "RAW_SIZE_MISMATCH", "image.raw.data");
        }
    }

    [Fact]
    public void Read_OddStrideOfSixteenBits_IsFollowed()
    {
        byte[] data = [1, 0, 2, 0, 99, 3, 0, 4, 0];

        using Frame frame = RawFrameReader.Read(new RawImage(data, PixelFormat.Mono12, 2, 2, Stride: 5), new FrameLimits());

        Assert.Equal([1, 2], frame.Row16(0).ToArray());
        Assert.Equal([3, 4], frame.Row16(1).ToArray());
    }

    [Theory]
    [InlineData(PixelFormat.Mono10, 1024, 0)]
    [InlineData(PixelFormat.Mono10, 0xFFFF, 39)]
    [InlineData(PixelFormat.Mono12, 4096, 17)]
    [InlineData(PixelFormat.Mono12, 0x8000, 36)]
    public void Read_SampleAboveTheFormatsRange_NamesIt(PixelFormat format, int sample, int position)
    {
        ushort[] samples = new ushort[80];
        samples[40 + position] = (ushort)sample;
        var image = new RawImage(TestFrames.LittleEndian(samples), format, Width: 40, Height: 2);

        InspectionException error = AssertRefused(image, InspectionErrorKind.InvalidArgument, "SAMPLE_OUT_OF_RANGE", "image.raw.data");

        Assert.Contains($"({position}, 1)", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(PixelFormat.Mono10, 1023)]
    [InlineData(PixelFormat.Mono12, 4095)]
    [InlineData(PixelFormat.Mono16, 65535)]
    public void Read_LargestSample_IsAccepted(PixelFormat format, int sample)
    {
        ushort[] samples = new ushort[40];
        samples.AsSpan().Fill((ushort)sample);

        using Frame frame = RawFrameReader.Read(new RawImage(TestFrames.LittleEndian(samples), format, 40, 1), new FrameLimits());

        Assert.Equal(samples, frame.Row16(0).ToArray());
    }

    [Fact]
    public void Read_UnknownFormat_IsRefused() => AssertRefused(
        new RawImage(new byte[4], (PixelFormat)0x01080008, 2, 2),
        InspectionErrorKind.InvalidArgument, "PIXEL_FORMAT_UNKNOWN", "image.raw.pixel_format");

    [Theory]
    [InlineData(PixelFormat.Mono8, 0, 1, "image.raw.width")]
    [InlineData(PixelFormat.Mono8, 1, -1, "image.raw.height")]
    [InlineData(PixelFormat.BayerRG8, 1, 2, "image.raw.width")]
    [InlineData(PixelFormat.BayerRG8, 2, 1, "image.raw.height")]
    public void Read_TooSmall_IsRefused(PixelFormat format, int width, int height, string field) => AssertRefused(
        new RawImage(new byte[4], format, width, height),
        InspectionErrorKind.InvalidArgument, "RAW_DIMENSIONS_OUT_OF_RANGE", field);

    [Theory]
    [InlineData(65_536, 1, "image.raw.width")]
    [InlineData(1, int.MaxValue, "image.raw.height")]
    [InlineData(65_535, 65_535, "image.raw")]
    public void Read_TooLarge_IsRefused(int width, int height, string field) => AssertRefused(
        new RawImage(new byte[4], PixelFormat.Mono8, width, height),
        InspectionErrorKind.ResourceExhausted, "IMAGE_TOO_LARGE", field);

    [Theory]
    [InlineData(PixelFormat.Mono8, 3)]
    [InlineData(PixelFormat.Mono16, 7)]
    [InlineData(PixelFormat.Rgb8, 11)]
    [InlineData(PixelFormat.Mono8, -4)]
    public void Read_StrideBelowTheRow_IsRefused(PixelFormat format, int stride) => AssertRefused(
        new RawImage(new byte[100], format, Width: 4, Height: 4, stride),
        InspectionErrorKind.InvalidArgument, "RAW_STRIDE_TOO_SMALL", "image.raw.stride");

    [Fact]
    public void Read_HugeStride_DoesNotOverflow() => AssertRefused(
        new RawImage(new byte[100], PixelFormat.Mono8, Width: 4, Height: 60_000, Stride: int.MaxValue),
        InspectionErrorKind.InvalidArgument, "RAW_SIZE_MISMATCH", "image.raw.data");

    [Fact]
    public void Read_NoBytes_IsEmpty() => AssertRefused(
        new RawImage(ReadOnlyMemory<byte>.Empty, PixelFormat.Mono8, 4, 4),
        InspectionErrorKind.InvalidArgument, "IMAGE_EMPTY", "image.raw.data");

    private static InspectionException AssertRefused(RawImage image, InspectionErrorKind kind, string reason, string field)
    {
        InspectionException error = Assert.Throws<InspectionException>(() => RawFrameReader.Read(image, new FrameLimits()).Dispose());
        Assert.Equal((kind, reason, field), (error.Kind, error.Reason, error.Field));
        return error;
    }
}

namespace YMaskNet.Server.Tests.Inspection;

public sealed class ImageFormatTests(SharedServer shared)
{
    private readonly TestServer _server = shared.Server;

    [Theory]
    [InlineData("board.png")]
    [InlineData("board-16bit.png")]
    [InlineData("board-colour.png")]
    [InlineData("board.jpg")]
    [InlineData("board.tif")]
    [InlineData("board.webp")]
    [InlineData("board.bmp")]
    public async Task DetectAndSegment_FileFormat_FindsTheSame(string file)
    {
        Wire.DetectAndSegmentResponse response = await InspectAsync(Boards.Encoded(TestFile.Read(file)));

        FoundBlobs.Check(response.Defects);
        Assert.Equal(new Wire.ImageSize { Width = 64, Height = 64 }, response.ImageSize);
    }

    [Theory]
    [InlineData(Wire.PixelFormat.Mono8)]
    [InlineData(Wire.PixelFormat.Mono10)]
    [InlineData(Wire.PixelFormat.Mono12)]
    [InlineData(Wire.PixelFormat.Mono16)]
    [InlineData(Wire.PixelFormat.Rgb8)]
    [InlineData(Wire.PixelFormat.Bgr8)]
    [InlineData(Wire.PixelFormat.BayerRg8)]
    public async Task DetectAndSegment_PixelFormat_FindsTheSame(Wire.PixelFormat format)
    {
        Wire.DetectAndSegmentResponse response = await InspectAsync(Boards.Raw(format));

        FoundBlobs.Check(response.Defects);
    }

    [Fact]
    public async Task DetectAndSegment_RawOrFileOfTheSamePixels_TheSameAnswer()
    {
        Wire.DetectAndSegmentResponse file = await InspectAsync(Boards.Png);
        Wire.DetectAndSegmentResponse raw = await InspectAsync(Boards.Mono8);
        Wire.DetectAndSegmentResponse padded = await InspectAsync(Boards.Padded(stride: 80));

        Assert.Equal(file.Defects, raw.Defects);
        Assert.Equal(file.Defects, padded.Defects);
    }

    [Theory]
    [InlineData(Wire.PixelFormat.Rgb8, "bright")]
    [InlineData(Wire.PixelFormat.Bgr8, "dull")]
    public async Task Detect_SameBytesInTheOtherOrder_OtherGrey(Wire.PixelFormat format, string expectedClass)
    {
        // Grey is .299 R + .587 G + .114 B: read as red, green, blue the blob has 235 (0.92), the other way round 203 (0.79).
        byte[] pixels = new byte[64 * 64 * 3];
        for (int y = 32; y < 40; y++)
        {
            for (int x = 40; x < 48; x++)
                new byte[] { 255, 255, 80 }.CopyTo(pixels, ((y * 64) + x) * 3);
        }

        Wire.DetectResponse response = await _server.Inspection.DetectAsync(
            new Wire.DetectRequest { Image = Boards.Raw(format, pixels), Options = new Wire.DetectionOptions { MaxDefects = 1 } });

        Assert.Equal(expectedClass, Assert.Single(response.Defects).ClassName);
    }

    private async Task<Wire.DetectAndSegmentResponse> InspectAsync(Wire.Image image) =>
        await _server.Inspection.DetectAndSegmentAsync(new Wire.DetectAndSegmentRequest { Image = image });
}

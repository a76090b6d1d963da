using YMaskNet.Imaging;
using YMaskNet.Inference.Frames;

namespace YMaskNet.Inference.Tests.Frames;

public sealed class SampleRowTests
{
    [Fact]
    public void ReadGrey_ColourWithoutColour_StaysWhatItIs()
    {
        PixelBuffer pixels = PixelBuffer.Allocate(width: 65536, height: 1, channels: 3, bitsPerSample: 16);
        Span<ushort> row = pixels.Row16(0);
        for (int i = 0; i < row.Length; i++)
            row[i] = (ushort)(i / 3);
        using var frame = new Frame(pixels);
        float[] samples = new float[65536];

        SampleRow.ReadGrey(frame, 0, samples);

        for (int value = 0; value < samples.Length; value++)
            Assert.Equal(value, samples[value]);
    }

    [Theory]
    [InlineData(255, 0, 0, 76)]
    [InlineData(0, 255, 0, 150)]
    [InlineData(0, 0, 255, 29)]
    [InlineData(255, 255, 255, 255)]
    [InlineData(10, 20, 30, 18)]
    public void ReadGrey_Colour_IsBt601Brightness(byte red, byte green, byte blue, int expected)
    {
        using Frame frame = FrameDecoder.Decode(
            new RawImage(new[] { red, green, blue }, PixelFormat.Rgb8, Width: 1, Height: 1), new FrameLimits(), sharedMemory: null, CancellationToken.None);
        float[] samples = new float[1];

        SampleRow.ReadGrey(frame, 0, samples);

        Assert.Equal(expected, samples[0]);
    }
}

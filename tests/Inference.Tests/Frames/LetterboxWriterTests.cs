using YMaskNet.Inference.Frames;
using YMaskNet.Inference.Models;

namespace YMaskNet.Inference.Tests.Frames;

public sealed class LetterboxWriterTests
{
    public static TheoryData<int, int, int, int> Sizes => new()
    {
        // image, network: unscaled, unscaled with a surround, up, down, far down, a line, odd sizes
        { 64, 48, 64, 48 },
        { 64, 31, 64, 64 },
        { 20, 15, 64, 64 },
        { 300, 200, 64, 64 },
        { 1000, 37, 33, 40 },
        { 1, 50, 64, 64 },
        { 67, 71, 61, 59 },
    };

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Write_EachKindOfFrame_EqualsTheDoubleReference(int imageWidth, int imageHeight, int width, int height)
    {
        foreach ((int channels, int bits) in ((int, int)[])[(1, 8), (3, 8), (1, 16), (3, 16)])
        {
            foreach (InputChannels inputChannels in (InputChannels[])[InputChannels.Gray, InputChannels.Rgb])
            {
                using Frame frame = TestFrames.Noise(imageWidth, imageHeight, channels, bits);
                InputDescription input = TestFrames.Input(width, height, inputChannels, mean: 0.45f, std: 0.25f);
                float[] slot = new float[input.ChannelCount * width * height];
                slot.AsSpan().Fill(float.NaN);

                Letterbox letterbox = new LetterboxWriter(input).Write(frame, slot);

                Assert.Equal(Letterbox.Fit(imageWidth, imageHeight, width, height), letterbox);
                double[] expected = Reference(frame, input, letterbox);
                for (int i = 0; i < slot.Length; i++)
                {
                    if (!(Math.Abs(expected[i] - slot[i]) <= 1e-5))
                        Assert.Fail($"{channels} x {bits} bits to {inputChannels}, value {i}: {slot[i]} instead of {expected[i]}.");
                }
            }
        }
    }

    [Fact]
    public void Write_UnscaledGrey_IsExact()
    {
        // A width that no vector length divides: the last columns take the scalar path.
        const int width = 67;
        using Frame frame = TestFrames.Noise(width, 41, channels: 1, bits: 8);
        InputDescription input = TestFrames.Input(width, 41, InputChannels.Gray, mean: 0.45f, std: 0.23f);
        float[] slot = new float[width * 41];

        new LetterboxWriter(input).Write(frame, slot);

        for (int y = 0; y < 41; y++)
        {
            for (int x = 0; x < width; x++)
                Assert.Equal(((frame.Row8(y)[x] / 255f) - 0.45f) / 0.23f, slot[(y * width) + x]);
        }
    }

    [Fact]
    public void Write_DeepSamples_AreScaledByTheirOwnRange()
    {
        byte[] data = TestFrames.LittleEndian(0, 1023, 512, 1);
        using Frame frame = FrameDecoder.Decode(
            new RawImage(data, PixelFormat.Mono10, Width: 4, Height: 1), new FrameLimits(), sharedMemory: null, CancellationToken.None);
        float[] slot = new float[4];

        new LetterboxWriter(TestFrames.Input(4, 1, InputChannels.Gray)).Write(frame, slot);

        Assert.Equal([0f, 1f, 512f / 1023f, 1f / 1023f], slot);
    }

    [Fact]
    public void Write_OneAfterAnother_LeavesNothingOfTheImageBefore()
    {
        InputDescription input = TestFrames.Input(64, 64, InputChannels.Rgb);
        var writer = new LetterboxWriter(input);
        float[] reused = new float[3 * 64 * 64];
        foreach ((int width, int height) in ((int, int)[])[(300, 200), (64, 64), (20, 50), (301, 200), (10, 10)])
        {
            using Frame frame = TestFrames.Noise(width, height, channels: 3, bits: 8, seed: width);
            float[] fresh = new float[reused.Length];

            writer.Write(frame, reused);
            new LetterboxWriter(input).Write(frame, fresh);

            Assert.Equal(fresh, reused);
        }
    }

    [Fact]
    public void Write_Again_AllocatesNothing()
    {
        using Frame frame = TestFrames.Noise(300, 200, channels: 3, bits: 8);
        InputDescription input = TestFrames.Input(64, 64, InputChannels.Gray);
        var writer = new LetterboxWriter(input);
        float[] slot = new float[64 * 64];
        writer.Write(frame, slot);

        long before = GC.GetAllocatedBytesForCurrentThread();
        writer.Write(frame, slot);

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void Write_SlotOfAnotherSize_Throws()
    {
        using Frame frame = TestFrames.Noise(8, 8, channels: 1, bits: 8);
        var writer = new LetterboxWriter(TestFrames.Input(8, 8, InputChannels.Gray));

        Assert.Throws<ArgumentOutOfRangeException>(() => writer.Write(frame, new float[63]));
    }

    /// <summary>The rule as it stands in docs/model-package.md, pixel by pixel.</summary>
    private static double[] Reference(Frame frame, InputDescription input, Letterbox letterbox)
    {
        double[] values = new double[input.ChannelCount * input.Height * input.Width];
        for (int channel = 0; channel < input.ChannelCount; channel++)
        {
            for (int y = 0; y < input.Height; y++)
            {
                for (int x = 0; x < input.Width; x++)
                {
                    int column = x - letterbox.Left;
                    int row = y - letterbox.Top;
                    bool isContent = column >= 0 && column < letterbox.ContentWidth && row >= 0 && row < letterbox.ContentHeight;
                    double sample = isContent
                        ? Bilinear(
                            frame,
                            ((column + 0.5) * frame.Width / letterbox.ContentWidth) - 0.5,
                            ((row + 0.5) * frame.Height / letterbox.ContentHeight) - 0.5,
                            input.ChannelCount == 3 ? channel : -1)
                        : input.LetterboxValue / 255.0;
                    values[(((channel * input.Height) + y) * input.Width) + x] = (sample - input.Mean[channel]) / input.Std[channel];
                }
            }
        }

        return values;
    }

    private static double Bilinear(Frame frame, double x, double y, int channel)
    {
        double sum = 0;
        for (int dy = 0; dy < 2; dy++)
        {
            for (int dx = 0; dx < 2; dx++)
            {
                double column = Math.Floor(x) + dx;
                double row = Math.Floor(y) + dy;
                double weight = (1 - Math.Abs(x - column)) * (1 - Math.Abs(y - row));
                sum += weight * Sample(
                    frame,
                    (int)Math.Clamp(column, 0, frame.Width - 1),
                    (int)Math.Clamp(row, 0, frame.Height - 1),
                    channel);
            }
        }

        return sum;
    }

    /// <summary>A sample in 0..1; channel -1 is grey.</summary>
    private static double Sample(Frame frame, int x, int y, int channel)
    {
        if (frame.Channels == 1)
            return (double)TestFrames.Sample(frame, x, y, 0) / frame.MaxSample;
        if (channel >= 0)
            return (double)TestFrames.Sample(frame, x, y, channel) / frame.MaxSample;
        long red = TestFrames.Sample(frame, x, y, 0);
        long green = TestFrames.Sample(frame, x, y, 1);
        long blue = TestFrames.Sample(frame, x, y, 2);
        return (double)(((19595 * red) + (38470 * green) + (7471 * blue) + 32768) >> 16) / frame.MaxSample;
    }
}

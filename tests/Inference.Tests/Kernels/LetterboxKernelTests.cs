using YMaskNet.Inference.Frames;
using YMaskNet.Inference.Gpu.Kernels;
using YMaskNet.Inference.Models;
using YMaskNet.Inference.Tests.Frames;

namespace YMaskNet.Inference.Tests.Kernels;

/// <summary>The kernel that letterboxes raw frames writes what <see cref="LetterboxWriter"/> does, to the last bit.</summary>
public sealed class LetterboxKernelTests
{
    public static TheoryData<PixelFormat, int, int, int> RawImages
    {
        get
        {
            TheoryData<PixelFormat, int, int, int> images = [];
            foreach (PixelFormat format in Enum.GetValues<PixelFormat>())
            {
                // unscaled, up, down, a line, odd sizes; bytes between the rows
                images.Add(format, 64, 48, 0);
                images.Add(format, 20, 15, 1);
                images.Add(format, 300, 200, 3);
                images.Add(format, 2, 50, 0);
                images.Add(format, 67, 71, 5);
            }

            return images;
        }
    }

    [Theory]
    [MemberData(nameof(RawImages))]
    public void Letterbox_RawImage_EqualsTheCpuOperator(PixelFormat format, int width, int height, int padding)
    {
        (KernelFormat kernelFormat, int bytesPerPixel) = format switch
        {
            PixelFormat.Mono8 => (KernelFormat.Grey8, 1),
            PixelFormat.Rgb8 => (KernelFormat.Rgb8, 3),
            PixelFormat.Bgr8 => (KernelFormat.Bgr8, 3),
            PixelFormat.BayerRG8 => (KernelFormat.BayerRg8, 1),
            _ => (KernelFormat.Grey16, 2),
        };
        int maxSample = RawLayout.Of(format).MaxSample;
        int stride = (width * bytesPerPixel) + padding;
        byte[] data = new byte[(stride * (height - 1)) + (width * bytesPerPixel)];
        new Random(width).NextBytes(data);
        if (kernelFormat == KernelFormat.Grey16)
            LimitSamples(data, width, height, stride, maxSample);
        using Frame frame = RawFrameReader.Read(new RawImage(data, format, width, height, stride), new FrameLimits());

        AssertEqual(frame, data, kernelFormat, stride, maxSample);
    }

    [Theory]
    [InlineData(64, 48)]
    [InlineData(101, 37)]
    public void Letterbox_SixteenBitColour_EqualsTheCpuOperator(int width, int height)
    {
        using Frame frame = TestFrames.Noise(width, height, channels: 3, bits: 16);
        byte[] data = new byte[width * 6 * height];
        for (int y = 0; y < height; y++)
            frame.RowBytes(y).CopyTo(data.AsSpan(y * width * 6));

        AssertEqual(frame, data, KernelFormat.Rgb16, width * 6, ushort.MaxValue);
    }

    private static void LimitSamples(byte[] data, int width, int height, int stride, int maxSample)
    {
        for (int y = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++)
                data[(y * stride) + (2 * x) + 1] &= (byte)(maxSample >> 8);
        }
    }

    private static void AssertEqual(Frame frame, byte[] data, KernelFormat format, int stride, int maxSample)
    {
        foreach (InputChannels channels in (InputChannels[])[InputChannels.Gray, InputChannels.Rgb])
        {
            InputDescription input = TestFrames.Input(64, 48, channels, mean: 0.45f, std: 0.23f);
            float[] expected = new float[input.ChannelCount * 64 * 48];
            Letterbox letterbox = new LetterboxWriter(input).Write(frame, expected);

            using DeviceArray<byte> pixels = new(data);
            KernelSlot slot = KernelSlot.Of(KernelTask.Detect, letterbox);
            slot.Pixels = pixels.Address;
            slot.Stride = stride;
            slot.Format = format;
            slot.MaxSample = maxSample;
            using DeviceArray<KernelSlot> slots = new([slot]);
            using DeviceArray<float> output = new(expected.Length);
            EmulatedKernels.Launch("letterbox", (1, 3, 1), (64, 4), 0, slots.Address, Parameters(input), output.Address);

            for (int index = 0; index < expected.Length; index++)
            {
                float value = output.Values[index];
                Assert.True(expected[index].Equals(value), $"{channels}, value {index}: {value} instead of {expected[index]}.");
            }
        }
    }

    private static KernelNetworkInput Parameters(InputDescription input)
    {
        KernelNetworkInput parameters = new()
        {
            Channels = input.ChannelCount,
            Height = input.Height,
            Width = input.Width,
            Surround = input.LetterboxValue,
        };
        for (int channel = 0; channel < input.ChannelCount; channel++)
        {
            parameters.Mean[channel] = input.Mean[channel];
            parameters.Std[channel] = input.Std[channel];
        }

        return parameters;
    }
}

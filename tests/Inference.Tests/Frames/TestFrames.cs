using System.Runtime.InteropServices;
using YMaskNet.Imaging;
using YMaskNet.Inference.Frames;
using YMaskNet.Inference.Models;

namespace YMaskNet.Inference.Tests.Frames;

/// <summary>Frames of noise, and network inputs to write them into.</summary>
internal static class TestFrames
{
    public static Frame Noise(int width, int height, int channels, int bits, int seed = 1)
    {
        PixelBuffer pixels = PixelBuffer.Allocate(width, height, channels, bits);
        new Random(seed).NextBytes(pixels.Bytes);
        return new Frame(pixels);
    }

    public static InputDescription Input(int width, int height, InputChannels channels, float mean = 0f, float std = 1f) => new()
    {
        Tensor = "image",
        Width = width,
        Height = height,
        Channels = channels,
        Mean = channels == InputChannels.Gray ? [mean] : [mean, mean + 0.1f, mean - 0.1f],
        Std = channels == InputChannels.Gray ? [std] : [std, std * 2f, std / 2f],
        LetterboxValue = 114,
    };

    public static int Sample(Frame frame, int x, int y, int channel) => frame.BitsPerSample == 8
        ? frame.Row8(y)[(x * frame.Channels) + channel]
        : frame.Row16(y)[(x * frame.Channels) + channel];

    public static byte[] LittleEndian(params ushort[] samples) => MemoryMarshal.AsBytes(samples.AsSpan()).ToArray();
}

using Google.Protobuf;
using YMaskNet.Imaging;

namespace YMaskNet.Server.Tests.Support;

/// <summary>Reads pictures in answers.</summary>
internal static class Pictures
{
    /// <summary>The 8-bit samples of a grey picture, row-major.</summary>
    public static byte[] Grey(ByteString file)
    {
        using PixelBuffer picture = ImageDecoder.Decode(file.Memory.Span, ImageLimits.Default);
        Assert.Equal(1, picture.Channels);
        Assert.Equal(8, picture.BitsPerSample);
        byte[] samples = new byte[picture.Width * picture.Height];
        for (int row = 0; row < picture.Height; row++)
            picture.Row8(row).CopyTo(samples.AsSpan(row * picture.Width));

        return samples;
    }
}

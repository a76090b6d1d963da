using YMaskNet.Imaging;
using YMaskNet.Inference.Frames;

namespace YMaskNet.Inference.Tests.Frames;

public sealed class BayerMosaicTests
{
    [Theory]
    [InlineData(2, 2)]
    [InlineData(3, 2)]
    [InlineData(2, 3)]
    [InlineData(7, 5)]
    [InlineData(16, 12)]
    public void Interpolate_Noise_EqualsTheDoubleReference(int width, int height)
    {
        int stride = width + 3;
        byte[] mosaic = new byte[stride * height];
        new Random(width).NextBytes(mosaic);

        using PixelBuffer pixels = BayerMosaic.Interpolate(mosaic, width, height, stride);

        for (int y = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++)
            {
                for (int channel = 0; channel < 3; channel++)
                    Assert.Equal(Reference(mosaic, width, height, stride, x, y, channel), pixels.Row8(y)[(x * 3) + channel]);
            }
        }
    }

    [Fact]
    public void Interpolate_MosaicOfOneColour_IsThatColourEverywhere()
    {
        byte[] mosaic = [200, 100, 200, 100, 100, 50, 100, 50, 200, 100, 200, 100];

        using PixelBuffer pixels = BayerMosaic.Interpolate(mosaic, width: 4, height: 3, stride: 4);

        for (int i = 0; i < 12; i++)
            Assert.Equal([200, 100, 50], pixels.Bytes.Slice(i * 3, 3).ToArray());
    }

    /// <summary>The mean of all pixels of the colour among the nearest that have it.</summary>
    private static byte Reference(byte[] mosaic, int width, int height, int stride, int x, int y, int channel)
    {
        if (ColourAt(x, y) == channel)
            return mosaic[(y * stride) + x];

        // Direct neighbours come before diagonal ones.
        for (int distance = 1; distance <= 2; distance++)
        {
            List<int> values = [];
            for (int dy = -1; dy <= 1; dy++)
            {
                for (int dx = -1; dx <= 1; dx++)
                {
                    if (Math.Abs(dx) + Math.Abs(dy) == distance && ColourAt(x + dx, y + dy) == channel)
                        values.Add(mosaic[(Mirror(y + dy, height) * stride) + Mirror(x + dx, width)]);
                }
            }

            if (values.Count > 0)
                return (byte)Math.Floor(values.Average() + 0.5);
        }

        throw new InvalidOperationException("Every colour is beside every pixel.");
    }

    private static int ColourAt(int x, int y) => (x & 1) + (y & 1);

    private static int Mirror(int position, int length) =>
        position < 0 ? -position : position >= length ? (2 * (length - 1)) - position : position;
}

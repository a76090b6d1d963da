namespace YMaskNet.Imaging.Tests;

public sealed class PixelBufferTests
{
    [Fact]
    public void Allocate_SixteenBitColour_HasAdjacentRows()
    {
        using PixelBuffer pixels = PixelBuffer.Allocate(width: 5, height: 4, channels: 3, bitsPerSample: 16);

        pixels.Row16(3)[14] = 0xABCD;

        Assert.Equal(30, pixels.Stride);
        Assert.Equal(120, pixels.Bytes.Length);
        Assert.Equal(15, pixels.Row16(0).Length);
        Assert.Equal([0xCD, 0xAB], pixels.Bytes[^2..].ToArray());
    }

    [Theory]
    [InlineData(0, 1, 1, 8)]
    [InlineData(1, 0, 1, 8)]
    [InlineData(1, 1, 2, 8)]
    [InlineData(1, 1, 1, 12)]
    [InlineData(int.MaxValue, int.MaxValue, 3, 16)]
    public void Allocate_OutOfRange_Throws(int width, int height, int channels, int bits) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => PixelBuffer.Allocate(width, height, channels, bits));

    [Fact]
    public void Row_OfTheOtherDepthOrOutside_Throws()
    {
        using PixelBuffer pixels = PixelBuffer.Allocate(width: 5, height: 4, channels: 1, bitsPerSample: 8);

        Assert.Throws<InvalidOperationException>(() => pixels.Row16(0).Length);
        Assert.Throws<ArgumentOutOfRangeException>(() => pixels.Row8(4).Length);
        Assert.Throws<ArgumentOutOfRangeException>(() => pixels.Row8(-1).Length);
    }

    [Fact]
    public void Dispose_Twice_ReturnsTheMemoryOnce()
    {
        PixelBuffer pixels = PixelBuffer.Allocate(width: 5, height: 4, channels: 1, bitsPerSample: 8);

        pixels.Dispose();
        pixels.Dispose();

        Assert.Throws<ObjectDisposedException>(() => pixels.Bytes.Length);
    }
}

using YMaskNet.Imaging;
using YMaskNet.Inference.Results;

namespace YMaskNet.Inference.Tests.Results;

public sealed class MaskEncoderTests
{
    private static readonly BinaryMask Mask = TestMasks.Draw(".....\n..##.\n.##..\n.....", x: 7, y: 3);

    [Fact]
    public void Encode_CocoRle_CoversTheWholeImage()
    {
        var rle = Assert.IsType<CocoRleMask>(MaskEncoder.Encode(Mask, 20, 10, MaskFormat.CocoRle));

        Assert.Equal((10, 20, 4L), (rle.Height, rle.Width, rle.Area));
        Assert.Equal(CocoCounts.ToText([85, 1, 8, 2, 8, 1, 95]), rle.Counts);
    }

    [Fact]
    public void Encode_Polygon_IsInImagePixels()
    {
        var polygon = Assert.IsType<PolygonMask>(MaskEncoder.Encode(Mask, 20, 10, MaskFormat.Polygon));

        Assert.Equal(4, polygon.Area);
        Assert.Equal(new PixelCorner(9, 4), Assert.Single(polygon.Rings)[0]);
    }

    [Fact]
    public void Encode_Png_IsTheBoundingRectangleInBlackAndWhite()
    {
        var png = Assert.IsType<PngMask>(MaskEncoder.Encode(Mask, 20, 10, MaskFormat.Png));

        Assert.Equal((8, 4, 3, 2, 4L), (png.X, png.Y, png.Width, png.Height, png.Area));
        using PixelBuffer pixels = ImageDecoder.Decode(png.Data, ImageLimits.Default);
        Assert.Equal((3, 2, 1), (pixels.Width, pixels.Height, pixels.Channels));
        Assert.Equal([0, 255, 255, 255, 255, 0], pixels.Bytes.ToArray());
    }

    [Fact]
    public void Encode_None_IsTheAreaAlone() => Assert.Equal(new AreaMask(4), MaskEncoder.Encode(Mask, 20, 10, MaskFormat.None));

    [Theory]
    [InlineData(MaskFormat.CocoRle)]
    [InlineData(MaskFormat.Polygon)]
    [InlineData(MaskFormat.Png)]
    [InlineData(MaskFormat.None)]
    public void Encode_EmptyMask_IsAnAreaOfNothing(MaskFormat format)
    {
        Assert.Equal(new AreaMask(0), MaskEncoder.Encode(new BinaryMask(2, 2, 9, 9), 20, 20, format));
        Assert.Equal(new AreaMask(0), MaskEncoder.Encode(new BinaryMask(2, 2, 0, 0), 20, 20, format));
    }

    [Fact]
    public void Encode_MaskBeyondTheImage_Throws()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => MaskEncoder.Encode(Mask, 11, 10, MaskFormat.CocoRle));
        Assert.Throws<ArgumentOutOfRangeException>(() => MaskEncoder.Encode(Mask, 20, 6, MaskFormat.CocoRle));
    }
}

using FsCheck;
using FsCheck.Fluent;
using YMaskNet.Inference.Detection;
using YMaskNet.Inference.Frames;

namespace YMaskNet.Inference.Tests.Frames;

public sealed class LetterboxTests
{
    [Theory]
    // image, network, content, left and top
    [InlineData(640, 640, 640, 640, 640, 640, 0, 0)]
    [InlineData(1280, 640, 640, 640, 640, 320, 0, 160)]
    [InlineData(320, 640, 640, 640, 320, 640, 160, 0)]
    [InlineData(100, 50, 640, 640, 640, 320, 0, 160)]
    [InlineData(641, 640, 640, 640, 640, 639, 0, 0)]
    [InlineData(4096, 3000, 640, 480, 640, 469, 0, 5)]
    [InlineData(65535, 1, 640, 640, 640, 1, 0, 319)]
    [InlineData(1, 1, 640, 480, 480, 480, 80, 0)]
    // 5 * 0.5 = 2.5 is rounded away from zero.
    [InlineData(10, 5, 5, 5, 5, 3, 0, 1)]
    public void Fit_EachShape_IsCentredAndAsLargeAsFits(
        int imageWidth, int imageHeight, int networkWidth, int networkHeight, int width, int height, int left, int top)
    {
        var letterbox = Letterbox.Fit(imageWidth, imageHeight, networkWidth, networkHeight);

        Assert.Equal(new Letterbox(imageWidth, imageHeight, width, height, left, top), letterbox);
        Assert.Equal(new CornerBox(left, top, left + width, top + height), letterbox.Content);
        Assert.Equal(imageWidth == width && imageHeight == height, letterbox.IsUnscaled);
    }

    [Fact]
    public void Fit_AnySizes_ContentLiesWithinTheNetwork() => Prop.ForAll(Sizes().ToArbitrary(), sizes =>
    {
        var letterbox = Letterbox.Fit(sizes.ImageWidth, sizes.ImageHeight, sizes.NetworkWidth, sizes.NetworkHeight);

        return letterbox.ContentWidth >= 1 && letterbox.ContentHeight >= 1
            && letterbox.Left >= 0 && letterbox.Top >= 0
            && letterbox.Left + letterbox.ContentWidth <= sizes.NetworkWidth
            && letterbox.Top + letterbox.ContentHeight <= sizes.NetworkHeight
            && (letterbox.ContentWidth == sizes.NetworkWidth || letterbox.ContentHeight == sizes.NetworkHeight);
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void ToNetworkThenToImage_AnyBoxInTheImage_ComesBack() => Prop.ForAll(Sizes().ToArbitrary(), sizes =>
    {
        var letterbox = Letterbox.Fit(sizes.ImageWidth, sizes.ImageHeight, sizes.NetworkWidth, sizes.NetworkHeight);
        var box = new CornerBox(0.1f * sizes.ImageWidth, 0, sizes.ImageWidth, 0.7f * sizes.ImageHeight);

        CornerBox back = letterbox.ToImage(letterbox.ToNetwork(box));

        // Half a millionth of the side, and what float32 loses on the way through network pixels.
        double tolerance = 4e-7 * Math.Max(sizes.ImageWidth, sizes.ImageHeight)
            * Math.Max(1.0, (double)sizes.NetworkWidth / letterbox.ContentWidth)
            * Math.Max(1.0, (double)sizes.NetworkHeight / letterbox.ContentHeight);
        return Math.Abs(back.X1 - box.X1) <= tolerance && Math.Abs(back.X2 - box.X2) <= tolerance
            && Math.Abs(back.Y1 - box.Y1) <= tolerance && Math.Abs(back.Y2 - box.Y2) <= tolerance;
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void ToNetwork_Corners_AreTheContentsCorners()
    {
        var letterbox = Letterbox.Fit(1000, 500, 640, 640);

        Assert.Equal(letterbox.Content, letterbox.ToNetwork(new CornerBox(0, 0, 1000, 500)));
        Assert.Equal(new CornerBox(320, 320, 320.64f, 320.64f), letterbox.ToNetwork(new CornerBox(500, 250, 501, 251)));
    }

    [Fact]
    public void ToImage_BoxInTheSurround_IsClippedToTheImage()
    {
        var letterbox = Letterbox.Fit(1000, 500, 640, 640);

        Assert.Equal(new CornerBox(0, 0, 1000, 500), letterbox.ToImage(new CornerBox(-5, 10, 700, 639)));
    }

    private static Gen<(int ImageWidth, int ImageHeight, int NetworkWidth, int NetworkHeight)> Sizes() =>
        from imageWidth in Gen.Choose(1, 5000)
        from imageHeight in Gen.Choose(1, 5000)
        from networkWidth in Gen.Choose(8, 1300)
        from networkHeight in Gen.Choose(8, 1300)
        select (imageWidth, imageHeight, networkWidth, networkHeight);
}

using YMaskNet.Inference.Detection;

namespace YMaskNet.Inference.Frames;

/// <summary>
/// Where an image lies in the network's input: scaled as large as fits without changing its shape, in the middle.
/// The rectangle that the image covers is the <em>content</em>.
/// </summary>
/// <param name="ImageWidth">Unit: pixels of the image.</param>
/// <param name="ImageHeight">Unit: pixels of the image.</param>
/// <param name="ContentWidth">Width of the content. Unit: pixels of the network's input.</param>
/// <param name="ContentHeight">Height of the content. Unit: pixels of the network's input.</param>
/// <param name="Left">First column of the content.</param>
/// <param name="Top">First row of the content.</param>
internal readonly record struct Letterbox(
    int ImageWidth, int ImageHeight, int ContentWidth, int ContentHeight, int Left, int Top)
{
    /// <summary>Whether image pixels are network pixels, so that nothing is interpolated.</summary>
    public bool IsUnscaled => ContentWidth == ImageWidth && ContentHeight == ImageHeight;

    /// <summary>The content in network pixels.</summary>
    public CornerBox Content => new(Left, Top, Left + ContentWidth, Top + ContentHeight);

    /// <summary>Places an image.</summary>
    public static Letterbox Fit(int imageWidth, int imageHeight, int networkWidth, int networkHeight)
    {
        double scale = Math.Min((double)networkWidth / imageWidth, (double)networkHeight / imageHeight);
        int width = ScaledSide(imageWidth, scale);
        int height = ScaledSide(imageHeight, scale);
        return new Letterbox(imageWidth, imageHeight, width, height, (networkWidth - width) / 2, (networkHeight - height) / 2);
    }

    /// <summary>From image pixels to network pixels.</summary>
    public CornerBox ToNetwork(in CornerBox image) =>
        new(ToNetworkX(image.X1), ToNetworkY(image.Y1), ToNetworkX(image.X2), ToNetworkY(image.Y2));

    /// <summary>From network pixels to image pixels, clipped to the image.</summary>
    public CornerBox ToImage(in CornerBox network) =>
        new(ToImageX(network.X1), ToImageY(network.Y1), ToImageX(network.X2), ToImageY(network.Y2));

    private static int ScaledSide(int side, double scale) =>
        Math.Max(1, (int)Math.Round(side * scale, MidpointRounding.AwayFromZero));

    private float ToNetworkX(float x) => (float)((x * ((double)ContentWidth / ImageWidth)) + Left);

    private float ToNetworkY(float y) => (float)((y * ((double)ContentHeight / ImageHeight)) + Top);

    private float ToImageX(float x) => (float)Math.Clamp(((double)x - Left) * ImageWidth / ContentWidth, 0.0, ImageWidth);

    private float ToImageY(float y) => (float)Math.Clamp(((double)y - Top) * ImageHeight / ContentHeight, 0.0, ImageHeight);
}

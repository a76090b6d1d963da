using YMaskNet.Client.Tests.Support;
using YMaskNet.Client.Tool.Images;
using YMaskNet.Client.Tool.Inspection;
using YMaskNet.Client.Tool.Overlays;
using YMaskNet.Imaging;
using YMaskNet.V1;

namespace YMaskNet.Client.Tests.Tool;

public class OverlayPainterTests
{
    private const int Size = 120;

    [Theory]
    [InlineData(0)]
    [InlineData(255)]
    public void Paint_Box_IsFramedOnItsOwnOutermostPixels(byte background)
    {
        Canvas canvas = Paint(background, Answers.NewDefect("open", 0, 0.9f, Answers.NewBox(30.4f, 40.6f, 20, 30)));
        Colour frame = ClassColours.Of(0);
        Colour board = new(background, background, background);

        // Columns 30 to 50 and rows 40 to 70 hold the box from (30.4, 40.6) to (50.4, 70.6).
        for (int x = 30; x <= 50; x++)
            Assert.Equal((frame, frame), (canvas[x, 40], canvas[x, 70]));
        for (int y = 40; y <= 70; y++)
            Assert.Equal((frame, frame), (canvas[30, y], canvas[50, y]));
        Assert.All([(31, 41), (49, 69), (40, 55), (40, 71), (29, 55), (51, 55)], pixel => Assert.Equal(board, canvas[pixel.Item1, pixel.Item2]));
    }

    [Fact]
    public void Paint_Mask_TintsInsideAndOutlinesItsBorder()
    {
        // Columns 60 to 64, rows 10 to 14, of 120: the first run is 60 * 120 + 10 pixels, then 5 inside and 115 outside in turn.
        YMaskNet.Client.Masks.MaskBitmap square = new(60, 10, 5, 5, [.. Enumerable.Repeat(true, 25)]);
        string counts = YMaskNet.Client.Masks.RunLengthMask.FromBitmap(square, Size, Size).ToCounts();
        Canvas canvas = Paint(0, Answers.NewDefect("short", 1, 0.9f, Answers.NewBox(50, 5, 30, 30), Answers.RunLengths(Size, Size, counts, 25)));
        Colour full = ClassColours.Of(1);

        Assert.Equal(full, canvas[60, 10]);
        Assert.Equal(full, canvas[64, 14]);
        Assert.Equal(new Colour((byte)MathF.Round(full.Red * 0.45f), (byte)MathF.Round(full.Green * 0.45f), (byte)MathF.Round(full.Blue * 0.45f)), canvas[62, 12]);
        Assert.Equal(Colour.Black, canvas[59, 12]);
        Assert.Equal(Colour.Black, canvas[65, 12]);
    }

    [Fact]
    public void Paint_BoxAtTheEdge_StaysInsideThePicture()
    {
        Canvas canvas = Paint(255, Answers.NewDefect("open", 0, 1, Answers.NewBox(0, 0, Size, Size)));

        Assert.Equal(ClassColours.Of(0), canvas[0, Size / 2]);
        Assert.Equal(ClassColours.Of(0), canvas[Size - 1, Size / 2]);
    }

    [Fact]
    public void Paint_Label_LiesAboveItsBoxInTheClassesColour()
    {
        Canvas canvas = Paint(255, Answers.NewDefect("open", 0, 0.9f, Answers.NewBox(30, 40, 20, 30)));

        // The label has a margin of two pixels around its text.
        int labelRight = 30 + BitmapFont.WidthOf("open 0.90") + 4;
        int textPixels = 0;
        for (int y = 28; y < 40; y++)
        {
            Assert.NotEqual(Colour.White, canvas[31, y]);
            for (int x = 30; x < labelRight; x++)
                textPixels += canvas[x, y] == ClassColours.Of(0).Contrasting ? 1 : 0;
        }

        // The characters' own pixels, counted in the font.
        int expected = "open 0.90".Sum(character => BitmapFont.RowsOf(character).ToArray().Sum(row => int.PopCount(row)));
        Assert.Equal(expected, textPixels);
    }

    [Fact]
    public void From_SixteenBitsAndColour_KeepTheirUpperByteAndOrder()
    {
        using PixelBuffer grey = PixelBuffer.Allocate(1, 1, 1, 16);
        grey.Row16(0)[0] = 0xabcd;
        using PixelBuffer colour = PixelBuffer.Allocate(2, 1, 3, 8);
        new byte[] { 1, 2, 3, 4, 5, 6 }.CopyTo(colour.Row8(0));

        Assert.Equal(new Colour(0xab, 0xab, 0xab), Canvas.From(grey)[0, 0]);
        Assert.Equal(new Colour(4, 5, 6), Canvas.From(colour)[1, 0]);
    }

    [Fact]
    public void Place_ManyBoxesSideBySide_LabelsDoNotOverlap()
    {
        PixelRectangle[] boxes = [.. Enumerable.Range(0, 4).Select(i => new PixelRectangle(20 + 50 * i, 100, 60 + 50 * i, 140))];
        LabelPlacement placement = new(400, 400, boxes);

        PixelRectangle[] labels = [.. boxes.Select(box => placement.Place(box, 80, 12))];

        for (int i = 0; i < labels.Length; i++)
        {
            Assert.True(labels[i].IsInside(400, 400));
            Assert.DoesNotContain(boxes, labels[i].Overlaps);
            Assert.DoesNotContain(labels[..i], labels[i].Overlaps);
        }
    }

    [Fact]
    public void Place_LabelWiderThanThePicture_BeginsAtItsEdge()
    {
        PixelRectangle box = new(5, 5, 10, 10);

        Assert.Equal(new PixelRectangle(0, 0, 90, 12), new LabelPlacement(20, 20, [box]).Place(box, 90, 12));
    }

    private static Canvas Paint(byte background, Defect defect)
    {
        using PixelBuffer pixels = PixelBuffer.Allocate(Size, Size, 1, 8);
        pixels.Bytes.Fill(background);
        Canvas canvas = Canvas.From(pixels);
        ImageSize size = new() { Width = Size, Height = Size };
        OverlayPainter.Paint(canvas, new InspectedImage(new ImageFile("a.png", "a.png"), size, Answers.Reference, [defect], [], new StageTimes()));
        return canvas;
    }
}

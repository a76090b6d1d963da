using YMaskNet.Inference;
using YMaskNet.Inference.Results;
using YMaskNet.Perf.Gpu.WholePath;

namespace YMaskNet.Gpu.Tests.Check;

/// <summary>What the GPU check takes for one answer.</summary>
public class AnswerComparisonTests
{
    private const float MinScore = 0.4f;

    [Fact]
    public void Difference_WithinTheTolerances_None()
    {
        InspectionResult expected = Answer(Square(0.9f, 10f), Square(0.8f, 40f));
        InspectionResult found = Answer(Square(0.7995f, 40.4f), Square(0.9005f, 10f, missingPixels: 2));

        Assert.Null(AnswerComparison.Difference(expected, found, MinScore, backgroundClass: 0));
    }

    [Theory]
    [InlineData(0.9f, 10.6f, 0, "there is no spur of score 0.9000 at (10.0, 10.0)")]
    [InlineData(0.898f, 10f, 0, "there is no spur")]
    [InlineData(0.9f, 10f, 5, "has a mask of 400 pixels of which 5 differ")]
    public void Difference_BeyondATolerance_NamesTheDefect(float score, float x, int missingPixels, string expected)
    {
        string? difference = AnswerComparison.Difference(
            Answer(Square(0.9f, 10f)), Answer(Square(score, x, missingPixels)), MinScore, backgroundClass: 0);

        Assert.Contains(expected, difference, StringComparison.Ordinal);
    }

    [Fact]
    public void Difference_ADefectMissingOrTooMany_IsSaidUnlessItLiesAtTheThreshold()
    {
        InspectionResult one = Answer(Square(0.9f, 10f));
        InspectionResult two = Answer(Square(0.9f, 10f), Square(0.5f, 40f));
        InspectionResult twoAtThreshold = Answer(Square(0.9f, 10f), Square(MinScore + 0.0005f, 40f));

        Assert.Contains("there is no spur", AnswerComparison.Difference(two, one, MinScore, 0), StringComparison.Ordinal);
        Assert.Contains("too many", AnswerComparison.Difference(one, two, MinScore, 0), StringComparison.Ordinal);
        Assert.Null(AnswerComparison.Difference(one, twoAtThreshold, MinScore, 0));
        Assert.Null(AnswerComparison.Difference(twoAtThreshold, one, MinScore, 0));
    }

    [Fact]
    public void Difference_MasksOfRectanglesThatDiffer_ArePixelsOfTheImage()
    {
        InspectionResult expected = Answer(Square(0.9f, 10f));
        InspectionResult wider = Answer(Square(0.9f, 10f) with { Mask = new BitMask(Filled(9, 10, 21, 20, column => column > 0)) });
        InspectionResult shifted = Answer(Square(0.9f, 10f) with { Mask = new BitMask(Filled(11, 10, 20, 20, _ => true)) });

        Assert.Null(AnswerComparison.Difference(expected, wider, MinScore, 0));
        Assert.Contains("of which 40 differ", AnswerComparison.Difference(expected, shifted, MinScore, 0), StringComparison.Ordinal);
    }

    [Fact]
    public void Difference_ClassMaps_DifferByMoreThanTwoPixelsOrAHundredth()
    {
        byte[] expected = new byte[64 * 64];
        expected.AsSpan(0, 100).Fill(1);
        byte[] close = [.. expected];
        close[0] = close[1] = 0;
        byte[] far = [.. close];
        far[2] = 2;

        Assert.Null(AnswerComparison.Difference(Answer() with { Classes = expected }, Answer() with { Classes = close }, 0f, backgroundClass: 0));
        Assert.Contains(
            "3 pixels of the class map differ, of 100",
            AnswerComparison.Difference(Answer() with { Classes = expected }, Answer() with { Classes = far }, 0f, backgroundClass: 0),
            StringComparison.Ordinal);
    }

    private static InspectionResult Answer(params Defect[] defects) => new()
    {
        ImageWidth = 64,
        ImageHeight = 64,
        Defects = defects,
        ExecutionProvider = "any",
        Device = "any",
        Times = new StageTimes(),
    };

    private static Defect Square(float score, float x, int missingPixels = 0) => new(
        3, "spur", score, new PixelBox(x, 10f, 20f, 20f), new BitMask(Filled((int)x, 10, 20, 20, column => column >= missingPixels, rows: 1)));

    /// <summary>A mask that is full but for some columns of its first rows.</summary>
    private static BinaryMask Filled(int x, int y, int width, int height, Func<int, bool> isInside, int rows = int.MaxValue)
    {
        BinaryMask mask = new(x, y, width, height);
        for (int row = 0; row < height; row++)
            mask.SetRow(row, [.. Enumerable.Range(0, width).Select(column => row >= rows || isInside(column) ? (byte)1 : (byte)0)]);
        return mask;
    }
}

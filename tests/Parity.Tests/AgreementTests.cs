using YMaskNet.Inference;
using YMaskNet.Inference.Results;

namespace YMaskNet.Parity.Tests;

/// <summary>The comparison itself: what it lets pass, and that it says what it does not.</summary>
public sealed class AgreementTests
{
    // Run lengths of a 4 x 3 image: the middle pixels of its second and third column, nothing, everything.
    private const string TwoPixels = "41202";
    private const string Background = "<";
    private const string Everything = "0<";

    [Fact]
    public void Decode_CompressedRuns_GivesPixelsByColumn()
    {
        Assert.Equal([4L, 7L], RunLengths.Decode(TwoPixels, 12).Order());
        Assert.Empty(RunLengths.Decode(Background, 12));
        Assert.Throws<FormatException>(() => RunLengths.Decode(Background, 13));
    }

    [Fact]
    public void Compare_SmallDifferences_Agree()
    {
        Agreement agreement = Compare(Found("open", 0.9009f, new PixelBox(1.4f, 1f, 20f, 10f), TwoPixels));

        Assert.Empty(agreement.Failures());
        Assert.Equal((1, 1), (agreement.Matched, agreement.Masks));
    }

    [Theory]
    [InlineData("short", 0.9f, 1f, TwoPixels, "board.png: no open of score 0.90000 at (1.00, 1.00)")]
    [InlineData("open", 0.9f, 1.6f, TwoPixels, "0.600 px off")]
    [InlineData("open", float.NaN, 1f, TwoPixels, "score NaN")]
    [InlineData("open", 0.902f, 1f, TwoPixels, "score 0.902")]
    [InlineData("open", 0.9f, 1f, Everything, "differs in 10 of 2 pixels")]
    public void Compare_LargerDifferences_AreNamed(string name, float score, float x, string counts, string expected)
    {
        Agreement agreement = Compare(Found(name, score, new PixelBox(x, 1f, 20f, 10f), counts));

        Assert.Contains(expected, agreement.Failures(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0.0505f, false)]
    [InlineData(0.06f, true)]
    public void Compare_ExtraDefect_IsExcusedAtTheThresholdOnly(float score, bool fails)
    {
        Agreement agreement = Compare(
            Found("open", 0.9f, new PixelBox(1f, 1f, 20f, 10f), TwoPixels),
            Found("spur", score, new PixelBox(1f, 1f, 2f, 2f), Background));

        Assert.Equal(fails, agreement.Failures().Contains("that PyTorch does not find", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(0, "")]
    [InlineData(2, "board.png: no mask, or of another area than it has pixels, for open of score 0.90000 at (1.00, 1.00)")]
    public void Compare_AreaInPlaceOfMask_IsAnEmptyMaskOrNone(long area, string expected)
    {
        Agreement agreement = Compare(new Defect(0, "open", 0.9f, new PixelBox(1f, 1f, 20f, 10f), new AreaMask(area)));

        // The expected mask has two pixels: an empty one is within the tolerance.
        Assert.Equal(expected, agreement.Failures());
    }

    [Fact]
    public void CompareInOrder_OtherCount_IsNamed()
    {
        Agreement agreement = new();
        agreement.CompareInOrder(Expected(), Result());

        Assert.Contains("0 defects for 1 regions", agreement.Failures(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("crack", 2f, TwoPixels, "")]
    [InlineData("hole", 2f, TwoPixels, "regions hole in place of crack")]
    [InlineData("crack", 2.6f, TwoPixels, "centroid of crack of 2 pixels at (1, 1): 0.600 px off")]
    [InlineData("crack", 2f, Everything, "mask of crack of 2 pixels at (1, 1) differs in 10 of 2 pixels")]
    public void CompareRegions_Differences_AreNamed(string name, float centroid, string counts, string expected)
    {
        GoldenRegion region = new("crack", 2, new GoldenBox(1, 1, 2, 1), new GoldenPoint(2, 1.5), new GoldenMask([3, 4], TwoPixels));
        Golden golden = new("tile.png", "", 4, 3, "m/1", [], [region], null, null, null);
        CocoRleMask mask = new(3, 4, counts, RunLengths.Decode(counts, 12).Count);
        Region found = new(1, name, mask.Area, new PixelBox(1f, 1f, 2f, 1f), centroid, 1.5, mask);
        Agreement agreement = new();

        agreement.CompareRegions(golden, Result() with { Regions = [found] });

        Assert.Equal(expected.Length == 0 ? "" : $"tile.png: {expected}", agreement.Failures());
    }

    private static Agreement Compare(params Defect[] found)
    {
        Agreement agreement = new();
        agreement.Compare(Expected(), Result(found));
        return agreement;
    }

    private static Golden Expected()
    {
        GoldenDefect defect = new("open", 0.9, new GoldenBox(1, 1, 20, 10), new GoldenMask([3, 4], TwoPixels));
        return new Golden("board.png", "", 4, 3, "m/1", [defect], null, 0.05f, 300, null);
    }

    private static Defect Found(string name, float score, PixelBox box, string counts) =>
        new(0, name, score, box, new CocoRleMask(3, 4, counts, RunLengths.Decode(counts, 12).Count));

    private static InspectionResult Result(params Defect[] defects) => new()
    {
        ImageWidth = 4,
        ImageHeight = 3,
        Defects = defects,
        ExecutionProvider = "none",
        Device = "none",
        Times = new StageTimes(),
    };
}

using System.Text;
using FsCheck;
using FsCheck.Fluent;
using YMaskNet.Inference.Results;

namespace YMaskNet.Inference.Tests.Results;

public sealed class CocoRleTests
{
    [Fact]
    public void ToText_KnownRuns_IsWhatPycocotoolsWrites() =>
        Assert.Equal("61X13mN000`0", CocoCounts.ToText([6, 1, 40, 4, 5, 4, 5, 4, 21]));

    [Fact]
    public void FromText_KnownText_GivesTheRuns() =>
        Assert.Equal([6, 1, 40, 4, 5, 4, 5, 4, 21], CocoCounts.FromText("61X13mN000`0"));

    [Fact]
    public void Encode_SmallMasks_CountsColumns()
    {
        // Columns: 0 1 | 1 1 | 0 0
        Assert.Equal(CocoCounts.ToText([1, 3, 2]), CocoRle.Encode(TestMasks.Draw(".#.\n##."), 3, 2));
        // Begins with a pixel of the mask: the first run has no zeros. Ends with one: there is no last run of zeros.
        Assert.Equal(CocoCounts.ToText([0, 6]), CocoRle.Encode(TestMasks.Draw("###\n###"), 3, 2));
        Assert.Equal(CocoCounts.ToText([6]), CocoRle.Encode(TestMasks.Draw("...\n..."), 3, 2));
        Assert.Equal(CocoCounts.ToText([6]), CocoRle.Encode(new BinaryMask(1, 1, 0, 0), 3, 2));
    }

    [Fact]
    public void Encode_AnyMask_EqualsTheImageCountedPixelByPixel() => Prop.ForAll(
        TestMasks.Any(),
        placed => CocoRle.Encode(placed.Mask, placed.ImageWidth, placed.ImageHeight) == Reference(placed.ToImage()))
        .QuickCheckThrowOnFailure();

    [Fact]
    public void Decode_EncodedMask_GivesItBack() => Prop.ForAll(TestMasks.Any(), placed =>
    {
        string counts = CocoRle.Encode(placed.Mask, placed.ImageWidth, placed.ImageHeight);

        BinaryMask decoded = CocoRle.Decode(counts, placed.ImageWidth, placed.ImageHeight);

        return TestMasks.ToImage(decoded, placed.ImageWidth, placed.ImageHeight).Cast<bool>().SequenceEqual(placed.ToImage().Cast<bool>());
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Encode_MaskInTheLargestImage_DoesNotOverflow()
    {
        var mask = new BinaryMask(65_530, 65_530, 5, 5);
        mask.AddRun(4, 4, 5);

        Assert.Equal(CocoCounts.ToText([(65_535L * 65_535) - 1, 1]), CocoRle.Encode(mask, 65_535, 65_535));
    }

    [Theory]
    [InlineData("7")]
    [InlineData("5")]
    [InlineData("X")]
    [InlineData("6 ")]
    [InlineData("oooooooooooooo0")]
    [InlineData("3O4")]
    public void Decode_BadCounts_Throws(string counts) =>
        Assert.Throws<FormatException>(() => CocoRle.Decode(counts, imageWidth: 3, imageHeight: 2));

    /// <summary>As pycocotools' rleEncode and rleToString.</summary>
    private static string Reference(bool[,] image)
    {
        List<long> counts = [];
        bool previous = false;
        long count = 0;
        for (int x = 0; x < image.GetLength(1); x++)
        {
            for (int y = 0; y < image.GetLength(0); y++)
            {
                if (image[y, x] != previous)
                {
                    counts.Add(count);
                    count = 0;
                    previous = image[y, x];
                }

                count++;
            }
        }

        counts.Add(count);
        var text = new StringBuilder();
        for (int i = 0; i < counts.Count; i++)
        {
            long x = counts[i];
            if (i > 2)
                x -= counts[i - 2];
            bool more = true;
            while (more)
            {
                int c = (int)(x & 0x1F);
                x >>= 5;
                more = (c & 0x10) != 0 ? x != -1 : x != 0;
                if (more)
                    c |= 0x20;
                text.Append((char)(c + 48));
            }
        }

        return text.ToString();
    }
}

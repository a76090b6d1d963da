using FsCheck;
using FsCheck.Fluent;
using YMaskNet.Inference.Results;

namespace YMaskNet.Inference.Tests.Results;

public sealed class BinaryMaskTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(8)]
    [InlineData(31)]
    [InlineData(32)]
    [InlineData(33)]
    [InlineData(100)]
    public void SetRow_EachLength_PacksTheLeftmostPixelHighest(int width)
    {
        byte[] inside = new byte[width];
        new Random(width).NextBytes(inside);
        for (int i = 0; i < width; i += 3)
            inside[i] = 0;
        var mask = new BinaryMask(0, 0, width, 1);

        mask.SetRow(0, inside);

        for (int i = 0; i < width; i++)
            Assert.Equal(inside[i] != 0, (mask.Bits[i / 8] >> (7 - (i % 8)) & 1) == 1);
        Assert.Equal(inside.Count(value => value != 0), mask.Area);
    }

    [Fact]
    public void SetRow_Again_ReplacesTheRow()
    {
        var mask = new BinaryMask(0, 0, 40, 2);
        byte[] all = new byte[40];
        all.AsSpan().Fill(1);

        mask.SetRow(1, all);
        mask.SetRow(1, new byte[40]);

        Assert.Equal(0, mask.Area);
    }

    [Fact]
    public void AddRun_EachRun_AddsExactlyItsPixels()
    {
        for (int start = 0; start <= 30; start++)
        {
            for (int end = start; end <= 30; end++)
            {
                var mask = new BinaryMask(0, 0, 30, 3);

                mask.AddRun(1, start, end);

                Assert.Equal(end - start, mask.Area);
                for (int column = start; column < end; column++)
                    Assert.True(mask[column, 1]);
            }
        }
    }

    [Fact]
    public void AddRun_OutsideTheRow_Throws()
    {
        var mask = new BinaryMask(0, 0, 30, 3);

        Assert.Throws<ArgumentOutOfRangeException>(() => mask.AddRun(0, 0, 31));
        Assert.Throws<ArgumentOutOfRangeException>(() => mask.AddRun(0, -1, 3));
        Assert.Throws<ArgumentOutOfRangeException>(() => mask.AddRun(0, 4, 3));
    }

    [Fact]
    public void Trimmed_AnyMask_HasTheSamePixelsAndNoEmptyBorder() => Prop.ForAll(TestMasks.Any(), placed =>
    {
        BinaryMask trimmed = placed.Mask.Trimmed();

        bool[,] expected = placed.ToImage();
        bool[,] actual = TestMasks.ToImage(trimmed, placed.ImageWidth, placed.ImageHeight);
        bool isTight = trimmed.Area == 0
            ? trimmed.Width == 0 && trimmed.Height == 0
            : HasPixel(trimmed, 0, 0, trimmed.Width, 1)
                && HasPixel(trimmed, 0, trimmed.Height - 1, trimmed.Width, trimmed.Height)
                && HasPixel(trimmed, 0, 0, 1, trimmed.Height)
                && HasPixel(trimmed, trimmed.Width - 1, 0, trimmed.Width, trimmed.Height);
        return isTight && trimmed.Area == placed.Mask.Area && expected.Cast<bool>().SequenceEqual(actual.Cast<bool>());
    }).QuickCheckThrowOnFailure();

    private static bool HasPixel(BinaryMask mask, int left, int top, int right, int bottom)
    {
        for (int row = top; row < bottom; row++)
        {
            for (int column = left; column < right; column++)
            {
                if (mask[column, row])
                    return true;
            }
        }

        return false;
    }
}

using YMaskNet.Inference.Gpu.Networks;

namespace YMaskNet.Gpu.Tests.Networks;

public sealed class BatchSizesTests
{
    [Theory]
    [InlineData(1, new[] { 1 })]
    [InlineData(2, new[] { 1, 2 })]
    [InlineData(6, new[] { 1, 2, 4, 6 })]
    [InlineData(8, new[] { 1, 2, 4, 8 })]
    public void UpTo_ALargest_PowersOfTwoAndItself(int largest, int[] sizes)
    {
        Assert.Equal(sizes, BatchSizes.UpTo(largest));
        for (int count = 1; count <= largest; count++)
            Assert.Equal(sizes.First(size => size >= count), sizes[BatchSizes.IndexFor(count, sizes)]);
    }
}

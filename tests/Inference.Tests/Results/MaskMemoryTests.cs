using YMaskNet.Inference.Results;

namespace YMaskNet.Inference.Tests.Results;

public sealed class MaskMemoryTests
{
    [Fact]
    public void Take_SeveralMasks_LieApart()
    {
        using MaskMemory memory = new(BinaryMask.BytesOf(9, 3) + BinaryMask.BytesOf(4, 2));
        BinaryMask first = new(1, 2, 9, 3, memory);
        BinaryMask second = new(5, 5, 4, 2, memory);

        first.AddRun(2, 0, 9);
        second.AddRun(0, 0, 4);

        Assert.Equal((9, 4), (first.Area, second.Area));
        Assert.Equal(6, first.Bits.Length);
        Assert.Equal(2, second.Bits.Length);
    }

    [Fact]
    public void Take_MemoryThatWasUsed_IsEmpty()
    {
        for (int round = 0; round < 3; round++)
        {
            using MaskMemory memory = new(1000);
            Span<byte> bytes = memory.Take(1000);
            Assert.False(bytes.ContainsAnyExcept((byte)0), $"Round {round} saw the bits of the one before.");
            bytes.Fill(0xFF);
        }
    }

    [Fact]
    public void Take_MoreThanIsPooled_LiesInArraysOfTheirOwn()
    {
        const int huge = 800 << 10;
        using MaskMemory memory = new(2L * huge);

        ArraySegment<byte> first = memory.Take(huge);
        ArraySegment<byte> second = memory.Take(huge);

        Assert.NotSame(first.Array, second.Array);
        Assert.Equal(huge, second.Count);
        Assert.False(second.AsSpan().ContainsAnyExcept((byte)0));
    }

    [Fact]
    public void Copied_OutlivesTheMemory()
    {
        MaskMemory memory = new(BinaryMask.BytesOf(8, 8));
        BinaryMask mask = new(3, 4, 8, 8, memory);
        mask.AddRun(1, 2, 7);

        BinaryMask copy = mask.Copied();
        mask.AddRun(5, 0, 8);
        memory.Dispose();

        Assert.Equal((3, 4, 8, 8), (copy.X, copy.Y, copy.Width, copy.Height));
        Assert.Equal(5, copy.Area);
        Assert.Throws<ObjectDisposedException>(() => memory.Take(1));
    }
}

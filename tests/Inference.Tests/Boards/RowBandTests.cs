using YMaskNet.Inference.Boards;

namespace YMaskNet.Inference.Tests.Boards;

public sealed class RowBandTests
{
    private static readonly SampleLayout Grey = new(Channels: 1, BitsPerSample: 8, MaxSample: 255);

    [Fact]
    public void DropBefore_RowsThatOverlap_KeepsTheLaterOnes()
    {
        using RowBand band = new(width: 3, height: 10, capacity: 4, Grey);
        for (byte y = 0; y < 4; y++)
            band.Append().Fill(y);

        band.DropBefore(3);
        band.Append().Fill(4);

        Assert.Equal((3, 5, 4), (band.Start, band.End, band.PeakRows));
        Assert.Equal([3, 3, 3], band.Row(3).ToArray());
        Assert.Equal([4, 4, 4], band.Row(4).ToArray());
        Assert.Throws<ArgumentOutOfRangeException>(() => band.Row(2).Length);
        Assert.Throws<ArgumentOutOfRangeException>(() => band.Row(5).Length);
    }

    [Fact]
    public void Append_BandFull_Refused()
    {
        using RowBand band = new(width: 3, height: 10, capacity: 1, Grey);
        band.Append();

        Assert.Throws<InvalidOperationException>(() => band.Append().Length);
    }

    [Fact]
    public void Constructor_MoreThanAnArrayHolds_Refused()
    {
        InspectionException refused = Assert.Throws<InspectionException>(
            () => new RowBand(65_535, 65_535, capacity: 8192, new SampleLayout(3, 16, 65_535)));

        Assert.Equal((InspectionErrorKind.ResourceExhausted, "IMAGE_TOO_LARGE"), (refused.Kind, refused.Reason));
    }
}

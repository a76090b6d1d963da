using YMaskNet.Server.Sessions;

namespace YMaskNet.Server.Tests.Sessions;

public sealed class SessionLimitsTests
{
    [Fact]
    public void Of_Block_HoldsWhatItTakes()
    {
        SessionLimits limits = SessionLimits.Of(FramePolicy.Block, framesHeld: 8, framesAsked: null, lanePlaces: 2, responseBytes: 1);

        Assert.Equal(new SessionLimits(8, 3, 8, 1), limits);
        Assert.Equal(8, limits.FramesWaiting(FramePolicy.Block));
    }

    [Fact]
    public void Of_DropOldest_HoldsNoMoreImagesAndTakesMoreFrames()
    {
        SessionLimits limits = SessionLimits.Of(FramePolicy.DropOldest, framesHeld: 8, framesAsked: null, lanePlaces: 2, responseBytes: 1);

        Assert.Equal((8, 3, 128), (limits.FramesHeld, limits.FramesInspected, limits.FramesUnanswered));
        Assert.Equal(5, limits.FramesWaiting(FramePolicy.DropOldest));
        Assert.Equal(1, limits.FramesWaiting(FramePolicy.LatestOnly));
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(3, 3)]
    [InlineData(100, 8)]
    public void Of_CallerAsksForAnother_TheSmallerHolds(int asked, int held) =>
        Assert.Equal(held, SessionLimits.Of(FramePolicy.Block, 8, asked, lanePlaces: 2, responseBytes: 1).FramesUnanswered);
}

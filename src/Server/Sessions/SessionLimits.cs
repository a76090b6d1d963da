namespace YMaskNet.Server.Sessions;

/// <summary>What bounds a session.</summary>
/// <param name="FramesHeld">Frames whose images are held: those that are inspected and those that wait. Range: >= 1.</param>
/// <param name="FramesInspected">Frames that are inspected at once, which covers their decoding. Range: 1 to <paramref name="FramesHeld"/>.</param>
/// <param name="FramesUnanswered">Frames that are taken before answers leave, dropped ones among them. Range: >= <paramref name="FramesHeld"/>.</param>
/// <param name="ResponseBytes">Largest message to the caller. Unit: bytes.</param>
internal sealed record SessionLimits(int FramesHeld, int FramesInspected, int FramesUnanswered, int ResponseBytes)
{
    // A dropped frame costs some hundred bytes until the answers before it have left.
    private const int UnansweredPerHeld = 16;

    /// <summary>The limits of a session with a policy.</summary>
    /// <param name="policy">The policy.</param>
    /// <param name="framesHeld">What the server allows.</param>
    /// <param name="framesAsked">What the caller asked for; <see langword="null"/>: nothing.</param>
    /// <param name="lanePlaces">Frames that the model's lanes run at once.</param>
    /// <param name="responseBytes">Largest message to the caller.</param>
    public static SessionLimits Of(FramePolicy policy, int framesHeld, int? framesAsked, int lanePlaces, int responseBytes)
    {
        int held = Math.Min(framesHeld, framesAsked ?? framesHeld);

        // One more than the lanes run, whose image is decoded meanwhile.
        int inspected = Math.Min(held, lanePlaces + 1);
        return new SessionLimits(
            held, inspected, policy == FramePolicy.Block ? held : held * UnansweredPerHeld, responseBytes);
    }

    /// <summary>Frames that wait before one is dropped.</summary>
    public int FramesWaiting(FramePolicy policy) => policy switch
    {
        FramePolicy.LatestOnly => 1,
        FramePolicy.DropOldest => Math.Max(1, FramesHeld - FramesInspected),

        // As many as are taken: none is ever dropped.
        _ => FramesUnanswered,
    };
}

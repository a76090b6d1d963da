namespace YMaskNet.Server.Sessions;

/// <summary>What a session does with frames that come faster than they are inspected.</summary>
internal enum FramePolicy
{
    /// <summary>Every frame is inspected; the caller is slowed.</summary>
    Block,

    /// <summary>A frame that finds the session full takes the place of the one that has waited longest.</summary>
    DropOldest,

    /// <summary>The newest frame waits; every other that waits is dropped.</summary>
    LatestOnly,
}

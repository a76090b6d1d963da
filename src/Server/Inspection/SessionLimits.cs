namespace YMaskNet.Server.Inspection;

/// <summary>What bounds a session.</summary>
/// <param name="FramesInFlight">Frames that are taken before answers leave. Range: >= 1.</param>
/// <param name="ResponseBytes">Largest message to the caller. Unit: bytes.</param>
internal sealed record SessionLimits(int FramesInFlight, int ResponseBytes);

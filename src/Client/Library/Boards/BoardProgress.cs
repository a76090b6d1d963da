namespace YMaskNet.Client;

/// <summary>How much of a board has been sent.</summary>
/// <param name="SentBytes">Unit: bytes.</param>
/// <param name="TotalBytes">Unit: bytes.</param>
public readonly record struct BoardProgress(long SentBytes, long TotalBytes);

namespace YMaskNet.Perf.Load;

/// <summary>What a server's process took while it was loaded.</summary>
/// <param name="CpuSeconds">User and system time.</param>
/// <param name="AllocatedBytes">Managed memory that was allocated, once the last counters have come.</param>
/// <param name="Gen2Collections">Full collections.</param>
/// <param name="ResidentStartBytes">Resident memory at the start.</param>
/// <param name="ResidentEndBytes">Resident memory at the end.</param>
internal sealed record ServerUse(
    double CpuSeconds, double AllocatedBytes, long Gen2Collections, long ResidentStartBytes, long ResidentEndBytes);

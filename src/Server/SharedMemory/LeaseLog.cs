namespace YMaskNet.Server.SharedMemory;

/// <summary>Log of leases; event ids 1600 to 1699. A lease's id is never logged: it is the right to use the lease.</summary>
internal static partial class LeaseLog
{
    [LoggerMessage(1600, LogLevel.Information, "Lease opened: {Slots} slots of {SlotBytes} bytes as {Name}.")]
    public static partial void Opened(ILogger logger, int slots, int slotBytes, string name);

    [LoggerMessage(1601, LogLevel.Information, "Lease of {Name} ended after {Frames} frames.")]
    public static partial void Ended(ILogger logger, string name, long frames);

    [LoggerMessage(1602, LogLevel.Error, "The system gave no {Bytes} bytes of shared memory.")]
    public static partial void SystemRefused(ILogger logger, long bytes, Exception exception);
}

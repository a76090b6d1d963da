namespace ManagedCuda.BasicTypes;

/// <summary>How a thread waits for the device, and what the context may do.</summary>
[Flags]
public enum CUCtxFlags
{
    SchedAuto = 0,

    /// <summary>A waiting thread spins.</summary>
    SchedSpin = 1,

    /// <summary>A waiting thread yields its processor.</summary>
    SchedYield = 2,

    /// <summary>A waiting thread sleeps.</summary>
    BlockingSync = 4,

    /// <summary>Pinned host memory can be mapped into the device's addresses.</summary>
    MapHost = 8,
}

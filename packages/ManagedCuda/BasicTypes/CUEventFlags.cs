namespace ManagedCuda.BasicTypes;

/// <summary>How an event is waited for, and whether it takes the time.</summary>
[Flags]
public enum CUEventFlags
{
    Default = 0,

    /// <summary>A thread that waits for it sleeps.</summary>
    BlockingSync = 1,

    /// <summary>It takes no time, which makes it cheaper.</summary>
    DisableTiming = 2,

    /// <summary>Other processes may use it.</summary>
    InterProcess = 4,
}

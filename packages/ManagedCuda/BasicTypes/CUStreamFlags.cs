namespace ManagedCuda.BasicTypes;

/// <summary>How a stream stands to the default stream.</summary>
[Flags]
public enum CUStreamFlags : uint
{
    None = 0,

    /// <summary>Waits for the default stream, and the default stream for it.</summary>
    Default = 0,

    /// <summary>Has nothing to do with the default stream.</summary>
    NonBlocking = 1,
}

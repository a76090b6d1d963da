namespace ManagedCuda.BasicTypes;

/// <summary>What pinned host memory is for.</summary>
[Flags]
public enum CUMemHostAllocFlags
{
    None = 0,

    /// <summary>Pinned for every context.</summary>
    Portable = 1,

    /// <summary>Mapped into the device's addresses.</summary>
    DeviceMap = 2,

    /// <summary>Fast to upload from, very slow to read on the host.</summary>
    WriteCombined = 4,
}

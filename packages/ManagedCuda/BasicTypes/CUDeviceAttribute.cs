namespace ManagedCuda.BasicTypes;

/// <summary>Facts of a device.</summary>
public enum CUDeviceAttribute
{
    MaxThreadsPerBlock = 1,
    MaxBlockDimX = 2,
    MaxBlockDimY = 3,
    MaxBlockDimZ = 4,
    MaxGridDimX = 5,
    MaxGridDimY = 6,
    MaxGridDimZ = 7,

    /// <summary>Bytes of shared memory of a block without asking for more.</summary>
    MaxSharedMemoryPerBlock = 8,

    WarpSize = 10,

    /// <summary>In kHz.</summary>
    ClockRate = 13,

    MultiProcessorCount = 16,
    ComputeCapabilityMajor = 75,
    ComputeCapabilityMinor = 76,
}

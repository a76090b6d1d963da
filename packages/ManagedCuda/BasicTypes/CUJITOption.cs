namespace ManagedCuda.BasicTypes;

/// <summary>Options of the driver's PTX compiler.</summary>
public enum CUJITOption
{
    /// <summary>Most registers of a thread.</summary>
    MaxRegisters = 0,

    ThreadsPerBlock = 1,
    WallTime = 2,
    InfoLogBuffer = 3,
    InfoLogBufferSizeBytes = 4,
    ErrorLogBuffer = 5,
    ErrorLogBufferSizeBytes = 6,
    OptimizationLevel = 7,
}

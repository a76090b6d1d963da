namespace ManagedCuda;

/// <summary>What <see cref="CudaContext.GetDeviceInfo(int)"/> tells of a device.</summary>
public class CudaDeviceProperties
{
    internal CudaDeviceProperties()
    {
    }

    public string DeviceName { get; internal set; } = "";

    /// <summary>The newest version of CUDA that the driver serves.</summary>
    public Version DriverVersion { get; internal set; } = new();

    public Version ComputeCapability { get; internal set; } = new();

    /// <summary>Bytes of device memory.</summary>
    public ulong TotalGlobalMemory { get; internal set; }

    public int MultiProcessorCount { get; internal set; }

    public int MaxThreadsPerBlock { get; internal set; }

    /// <summary>Bytes of shared memory of a block without asking for more.</summary>
    public int SharedMemoryPerBlock { get; internal set; }

    public int WarpSize { get; internal set; }
}

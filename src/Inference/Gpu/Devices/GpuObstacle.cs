namespace YMaskNet.Inference.Gpu.Devices;

/// <summary>What keeps this process from using a GPU.</summary>
internal enum GpuObstacle
{
    /// <summary>Nothing: there is a usable device.</summary>
    None,

    /// <summary>The CUDA driver's library is not on this machine.</summary>
    NoDriver,

    /// <summary>The driver is there and does not start.</summary>
    DriverError,

    NoDevice,

    /// <summary>No device has the compute capability that the kernels are compiled for.</summary>
    DeviceTooOld,

    /// <summary>ONNX Runtime's CUDA provider is not installed, or its file is not a library.</summary>
    NoProvider,

    /// <summary>The driver serves no version of CUDA that the provider is built for.</summary>
    DriverTooOld,

    /// <summary>A library that the provider needs is not on this machine.</summary>
    LibraryMissing,
}

using ManagedCuda;
using Microsoft.ML.OnnxRuntime;
using YMaskNet.Inference.Gpu.Devices;

namespace YMaskNet.Perf.Gpu.Reports;

/// <summary>What figures were measured on.</summary>
/// <param name="Gpu">Its name.</param>
/// <param name="Device">The driver's number.</param>
/// <param name="ComputeCapability">What its instructions are.</param>
/// <param name="MemoryGib">Its memory.</param>
/// <param name="Driver">The driver's own version; <see langword="null"/>: the system does not tell.</param>
/// <param name="DriverCuda">The newest CUDA that the driver serves.</param>
/// <param name="OnnxRuntime">ONNX Runtime's version.</param>
/// <param name="CudaProvider">What its CUDA provider is built for; <see langword="null"/>: there is none.</param>
/// <param name="ProviderObstacle">Why networks can't run on the GPU; <see langword="null"/>: they can.</param>
/// <param name="Cores">The host's.</param>
internal sealed record GpuMachine(
    string Gpu,
    int Device,
    string ComputeCapability,
    double MemoryGib,
    string? Driver,
    string DriverCuda,
    string OnnxRuntime,
    string? CudaProvider,
    string? ProviderObstacle,
    int Cores)
{
    /// <summary>Describes a device.</summary>
    public static GpuMachine Of(GpuDevice device)
    {
        string folder = OnnxRuntimeFolder.Find();
        GpuDetection detection = GpuDevices.Detect(folder);
        return new GpuMachine(
            device.Name,
            device.Ordinal,
            device.ComputeCapability.ToString(),
            Math.Round(device.MemoryBytes / (double)(1 << 30)),
            DriverVersion.Read(DriverVersion.UsualPath),
            CudaContext.GetDriverVersion().ToString(),
            OrtEnv.Instance().GetVersionString(),
            Inference.Gpu.Devices.CudaProvider.In(folder) is { } provider ? FormattableString.Invariant($"CUDA {provider.CudaMajor}") : null,
            detection.Obstacle == GpuObstacle.None ? null : detection.Reason,
            Environment.ProcessorCount);
    }

    /// <summary>One line under a table.</summary>
    public string Described() => FormattableString.Invariant(
        $"{Gpu}, {MemoryGib:F0} GB, compute capability {ComputeCapability}; driver {Driver ?? "of unknown version"} for CUDA {DriverCuda}; ONNX Runtime {OnnxRuntime}, provider for {CudaProvider ?? "no CUDA"}; {Cores} cores.");
}

using ManagedCuda;
using ManagedCuda.BasicTypes;

namespace YMaskNet.Inference.Gpu.Devices;

/// <summary>Finds the GPUs that the pipeline can use: a driver that starts, a device new enough, ONNX Runtime's CUDA provider and its libraries.</summary>
internal static class GpuDevices
{
    /// <summary>Looks once. Never throws for what a machine lacks; the detection says it.</summary>
    /// <param name="providerFolder">Where ONNX Runtime's native libraries are.</param>
    public static GpuDetection Detect(string providerFolder) => Detect(usable => WithProvider(CudaProvider.In(providerFolder), usable));

    /// <summary>Finds those on which the kernels run, whatever ONNX Runtime has. Never throws for what a machine lacks.</summary>
    public static GpuDetection DetectForKernels() => Detect(GpuDetection.Usable);

    private static GpuDetection Detect(Func<GpuDevice[], GpuDetection> judge)
    {
        try
        {
            IReadOnlyList<GpuDevice> devices = ReadDevices();
            GpuDevice[] usable = [.. devices.Where(device => device.IsUsable)];
            return usable.Length > 0 ? judge(usable) : TooOld(devices);
        }
        catch (CudaException exception) when (exception.CudaError == CUResult.ErrorNoDevice)
        {
            return GpuDetection.Because(GpuObstacle.NoDevice, "The CUDA driver finds no device.");
        }
        catch (CudaException exception)
        {
            return GpuDetection.Because(GpuObstacle.DriverError, $"The CUDA driver does not start, error {(int)exception.CudaError}: {exception.Message}");
        }
        catch (Exception exception) when (IsMissingDriver(exception))
        {
            return GpuDetection.Because(GpuObstacle.NoDriver, "There is no CUDA driver on this machine: its library cannot be loaded.");
        }
        catch (EntryPointNotFoundException exception)
        {
            return GpuDetection.Because(GpuObstacle.DriverTooOld, $"The CUDA driver is too old: {exception.Message}");
        }
    }

    private static GpuDevice[] ReadDevices() =>
        [.. Enumerable.Range(0, CudaContext.GetDeviceCount()).Select(ordinal =>
        {
            CudaDeviceProperties properties = CudaContext.GetDeviceInfo(ordinal);
            return new GpuDevice(ordinal, properties.DeviceName, properties.ComputeCapability, properties.TotalGlobalMemory);
        })];

    private static GpuDetection TooOld(IReadOnlyList<GpuDevice> devices) => devices.Count == 0
        ? GpuDetection.Because(GpuObstacle.NoDevice, "The CUDA driver finds no device.")
        : GpuDetection.Because(
            GpuObstacle.DeviceTooOld,
            $"No device has compute capability {GpuDevice.OldestCapability} or newer; there is {string.Join(", ", devices)}.");

    private static GpuDetection WithProvider(CudaProvider? provider, GpuDevice[] devices)
    {
        if (provider is null)
        {
            return GpuDetection.Because(
                GpuObstacle.NoProvider, $"ONNX Runtime's CUDA provider is not installed: there is no {CudaProvider.FileName} that can be read.");
        }

        Version driver = CudaContext.GetDriverVersion();
        if (driver.Major < provider.CudaMajor)
        {
            return GpuDetection.Because(
                GpuObstacle.DriverTooOld,
                $"The CUDA driver serves CUDA {driver}; ONNX Runtime's CUDA provider needs CUDA {provider.CudaMajor}.0 or newer.");
        }

        return provider.FirstMissingLibrary() is string missing
            ? GpuDetection.Because(GpuObstacle.LibraryMissing, $"ONNX Runtime's CUDA provider needs {missing}, which is not on this machine.")
            : GpuDetection.Usable(devices);
    }

    private static bool IsMissingDriver(Exception exception) =>
        exception is DllNotFoundException or TypeInitializationException { InnerException: DllNotFoundException };
}

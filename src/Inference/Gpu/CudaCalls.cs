using ManagedCuda;
using ManagedCuda.BasicTypes;

namespace YMaskNet.Inference.Gpu;

/// <summary>The driver's own functions, whose errors become exceptions.</summary>
internal static class CudaCalls
{
    /// <exception cref="CudaException">The call was refused, or work before it failed.</exception>
    public static void Check(CUResult result)
    {
        if (result != CUResult.Success)
            throw new CudaException(result);
    }

    /// <summary>Enqueues a copy from pinned memory to the device.</summary>
    public static void Upload(CUdeviceptr to, nint from, long bytes, CudaStream stream)
    {
        CopyMeter.ToDevice(bytes);
        Check(DriverAPINativeMethods.AsynchronousMemcpy_v2.cuMemcpyHtoDAsync_v2(to, from, bytes, stream.Stream));
    }

    /// <summary>Enqueues a copy from the device to pinned memory.</summary>
    public static void Download(nint to, CUdeviceptr from, long bytes, CudaStream stream)
    {
        CopyMeter.ToHost(bytes);
        Check(DriverAPINativeMethods.AsynchronousMemcpy_v2.cuMemcpyDtoHAsync_v2(to, from, bytes, stream.Stream));
    }

    /// <summary>Enqueues a copy from one place on the device to another.</summary>
    public static void Copy(CUdeviceptr to, CUdeviceptr from, long bytes, CudaStream stream) =>
        Check(DriverAPINativeMethods.AsynchronousMemcpy_v2.cuMemcpyDtoDAsync_v2(to, from, bytes, stream.Stream));

    /// <summary>Enqueues zeros.</summary>
    public static void Clear(CUdeviceptr memory, long bytes, CudaStream stream) =>
        Check(DriverAPINativeMethods.MemsetAsync.cuMemsetD8Async(memory, 0, bytes, stream.Stream));
}

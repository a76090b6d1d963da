using ManagedCuda;
using ManagedCuda.BasicTypes;

namespace YMaskNet.Inference.Gpu.Memory;

/// <summary>Device memory. It is not cleared. The owner disposes it, after everything that is bound to it.</summary>
internal sealed class DeviceBuffer : IDisposable
{
    private readonly CudaDeviceVariable<byte> _memory;

    /// <param name="bytes">At least 1.</param>
    /// <param name="purpose">For the message where there is not so much left: "the masks".</param>
    /// <exception cref="InspectionException">The device has not so much memory left.</exception>
    public DeviceBuffer(long bytes, string purpose)
    {
        try
        {
            _memory = new CudaDeviceVariable<byte>(bytes);
        }
        catch (CudaException exception) when (exception.CudaError == CUResult.ErrorOutOfMemory)
        {
            throw DeviceMemory.Exhausted(bytes, purpose, exception);
        }
    }

    /// <summary>Unit: bytes.</summary>
    public long Bytes => _memory.SizeInBytes;

    /// <summary>The first byte, for the driver.</summary>
    public CUdeviceptr Pointer => _memory.DevicePointer;

    /// <summary>The first byte, for kernels and ONNX Runtime: never to be read by the host.</summary>
    public nint Address => (nint)(long)_memory.DevicePointer.Pointer;

    /// <summary>A byte further on, for the driver.</summary>
    public CUdeviceptr At(long offset) => new((ulong)(Address + offset));

    public void Dispose() => _memory.Dispose();
}

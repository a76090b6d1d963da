using System.Runtime.CompilerServices;

namespace YMaskNet.Inference.Gpu.Memory;

/// <summary>Records in device memory, and pinned memory for as many on the host.</summary>
/// <typeparam name="T">The record.</typeparam>
internal sealed class Mirrored<T> : IDisposable
    where T : unmanaged
{
    /// <param name="length">Number of records, at least 1.</param>
    /// <param name="purpose">For the message where there is too little memory.</param>
    /// <exception cref="InspectionException">There is too little memory.</exception>
    public Mirrored(int length, string purpose)
    {
        Device = new DeviceBuffer((long)length * Unsafe.SizeOf<T>(), purpose);
        try
        {
            Host = new PinnedBuffer<T>(length, purpose);
        }
        catch
        {
            Device.Dispose();
            throw;
        }
    }

    public DeviceBuffer Device { get; }

    public PinnedBuffer<T> Host { get; }

    /// <summary>Enqueues the first records' way to the device.</summary>
    public void Upload(int count, GpuStreams streams) =>
        CudaCalls.Upload(Device.Pointer, Host.At(0), (long)count * Unsafe.SizeOf<T>(), streams.CopyIn);

    /// <summary>Enqueues the first records' way to the host.</summary>
    public void Download(int count, GpuStreams streams) =>
        CudaCalls.Download(Host.At(0), Device.Pointer, (long)count * Unsafe.SizeOf<T>(), streams.CopyOut);

    public void Dispose()
    {
        Host.Dispose();
        Device.Dispose();
    }
}

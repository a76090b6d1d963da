using ManagedCuda;
using YMaskNet.Inference.Gpu;
using YMaskNet.Inference.Gpu.Memory;
using YMaskNet.Perf.Gpu.Machines;

namespace YMaskNet.Perf.Gpu.Timing;

/// <summary>How fast the device and its connection to the host are, measured by copies. Unit: gigabytes (10^9) a second.</summary>
/// <param name="Device">Of the device's memory: bytes read and bytes written by a copy within it.</param>
/// <param name="ToDevice">From pinned memory of the host.</param>
/// <param name="ToHost">To pinned memory of the host.</param>
internal sealed record Bandwidths(double Device, double ToDevice, double ToHost)
{
    /// <summary>Copies that many bytes each way, and takes medians.</summary>
    public static Bandwidths Measure(DeviceMachine machine, int rounds, int bytes)
    {
        using CudaDeviceVariable<byte> first = new(bytes);
        using CudaDeviceVariable<byte> second = new(bytes);
        using PinnedBuffer<byte> host = new(bytes, "measuring copies");
        using KernelTimer timer = new(machine, rounds, flushBytes: 0);
        double within = timer.Median(Nothing, () => second.AsyncCopyToDevice(first, machine.Stream.Stream));
        double up = timer.Median(Nothing, () => CudaCalls.Upload(first.DevicePointer, host.At(0), bytes, machine.Stream));
        double down = timer.Median(Nothing, () => CudaCalls.Download(host.At(0), first.DevicePointer, bytes, machine.Stream));
        return new Bandwidths(PerSecond(2.0 * bytes, within), PerSecond(bytes, up), PerSecond(bytes, down));
    }

    private static void Nothing()
    {
    }

    // Bytes a microsecond are megabytes (10^6) a second.
    private static double PerSecond(double bytes, double microseconds) => bytes / microseconds / 1000;
}

using YMaskNet.Inference.Gpu;
using YMaskNet.Inference.Gpu.Memory;
using YMaskNet.Perf.Gpu.Machines;
using YMaskNet.Perf.Gpu.Timing;

namespace YMaskNet.Perf.Gpu.WholePath;

/// <summary>How long a batch's copies take by themselves: the same sizes, one behind the other, from and to pinned memory.</summary>
/// <param name="ToDevice">Unit: milliseconds.</param>
/// <param name="ToHost">Unit: milliseconds.</param>
internal sealed record CopyTimes(double ToDevice, double ToHost)
{
    /// <summary>Measures.</summary>
    public static CopyTimes Measure(DeviceMachine machine, KernelTimer timer, IReadOnlyList<Copy> copies)
    {
        int largest = (int)Math.Max(1, copies.Max(copy => copy.Bytes));
        using DeviceBuffer device = new(largest, "measuring copies");
        using PinnedBuffer<byte> host = new(largest, "measuring copies");
        double Time(bool isToDevice)
        {
            Copy[] some = [.. copies.Where(copy => copy.IsToDevice == isToDevice)];
            return some.Length == 0 ? 0 : timer.Median(Nothing, () => Enqueue(some)) / 1000;
        }

        void Enqueue(Copy[] some)
        {
            foreach (Copy copy in some)
            {
                if (copy.IsToDevice)
                    CudaCalls.Upload(device.Pointer, host.At(0), copy.Bytes, machine.Stream);
                else
                    CudaCalls.Download(host.At(0), device.Pointer, copy.Bytes, machine.Stream);
            }
        }

        return new CopyTimes(Time(isToDevice: true), Time(isToDevice: false));
    }

    private static void Nothing()
    {
    }
}

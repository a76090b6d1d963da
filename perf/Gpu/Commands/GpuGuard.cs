using YMaskNet.Inference;
using YMaskNet.Inference.Gpu.Devices;

namespace YMaskNet.Perf.Gpu.Commands;

/// <summary>Finds the GPU that a command is to run on.</summary>
internal static class GpuGuard
{
    /// <summary>A device on which the kernels run.</summary>
    /// <param name="number">The driver's number.</param>
    /// <exception cref="DeviceUnavailableException">There is none; the message says in one line why.</exception>
    public static GpuDevice ForKernels(int number) => Choose(number, GpuDevices.DetectForKernels());

    /// <summary>A device on which networks run as well.</summary>
    /// <inheritdoc cref="ForKernels"/>
    public static GpuDevice ForNetworks(int number) => Choose(number, GpuDevices.Detect(OnnxRuntimeFolder.Find()));

    private static GpuDevice Choose(int number, GpuDetection detection) =>
        detection.Devices.FirstOrDefault(device => device.Ordinal == number) ?? throw new DeviceUnavailableException(
            FormattableString.Invariant($"cuda:{number}"),
            detection.Obstacle == GpuObstacle.None ? $"There is no such usable device; there is {string.Join(", ", detection.Devices)}." : detection.Reason);
}

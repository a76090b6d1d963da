using Microsoft.Extensions.Logging;

namespace YMaskNet.Inference.Gpu.Devices;

/// <summary>Decides on which device models run, and says why.</summary>
internal static class DeviceSelection
{
    /// <param name="choice">What the operator asks for.</param>
    /// <param name="detect">Looks for usable GPUs; not called where the CPU is asked for.</param>
    /// <param name="logger">Is told the device, and where no GPU is used why not.</param>
    /// <returns>The GPU; <see langword="null"/>: the CPU.</returns>
    /// <exception cref="DeviceUnavailableException">The GPU that is asked for can't be used.</exception>
    public static GpuDevice? Choose(DeviceChoice choice, Func<GpuDetection> detect, ILogger logger)
    {
        if (choice.IsCpu)
            return null;
        GpuDetection detection = detect();
        GpuDevice? device = detection.Devices.FirstOrDefault(usable => choice.Gpu is null || usable.Ordinal == choice.Gpu);
        if (device is not null)
        {
            GpuLog.GpuChosen(logger, device.ToString());
            return device;
        }

        if (choice.Gpu is not null)
        {
            throw new DeviceUnavailableException(
                choice.ToString(),
                detection.Obstacle == GpuObstacle.None
                    ? $"There is no such usable device; there is {string.Join(", ", detection.Devices)}."
                    : detection.Reason);
        }

        GpuLog.CpuChosen(logger, detection.Reason);
        return null;
    }
}

using YMaskNet.Inference.Models;
using YMaskNet.Perf.Gpu.Machines;

namespace YMaskNet.Perf.Gpu.Timing;

/// <summary>How long the kernels around the networks take, beside what memory alone would need.</summary>
internal static class KernelTimings
{
    /// <summary>The batches that are timed, as far as nobody asks for others.</summary>
    public static readonly int[] UsualBatches = [1, 4, 16];

    /// <summary>Times the kernels of some models.</summary>
    /// <param name="machine">The device.</param>
    /// <param name="models">Whose shapes the kernels get.</param>
    /// <param name="batches">Images of the batches.</param>
    /// <param name="timer">Takes the times.</param>
    /// <param name="bandwidths">The device's.</param>
    public static IReadOnlyList<KernelTime> Run(
        DeviceMachine machine, IEnumerable<ModelManifest> models, IReadOnlyList<int> batches, KernelTimer timer, Bandwidths bandwidths) =>
        [.. models.SelectMany(model => batches.SelectMany(batch => Run(machine, model, batch, timer, bandwidths)))];

    private static List<KernelTime> Run(DeviceMachine machine, ModelManifest model, int batch, KernelTimer timer, Bandwidths bandwidths)
    {
        using KernelArrays arrays = new(machine);
        List<KernelTime> times = [];
        foreach (TimedKernel kernel in TimedBatch.Create(arrays, model, batch, machine.Multiprocessors))
        {
            double microseconds = timer.Median(kernel.Prepare, kernel.Launch);
            long bytes = kernel.Bytes();
            times.Add(new KernelTime(kernel.Name, model.Reference, batch, microseconds, bytes, bytes / bandwidths.Device / 1000));
        }

        return times;
    }
}

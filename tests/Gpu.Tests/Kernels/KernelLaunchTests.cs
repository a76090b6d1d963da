using ManagedCuda;
using ManagedCuda.BasicTypes;
using YMaskNet.Gpu.Tests.StandIn;
using YMaskNet.Inference.Gpu.Kernels;
using YMaskNet.Inference.Gpu.Memory;

namespace YMaskNet.Gpu.Tests.Kernels;

/// <summary>Launches by one prepared argument block.</summary>
public class KernelLaunchTests
{
    [Fact]
    public void Run_ArgumentsSetOnceAndChanged_ReachTheKernelWithoutAllocation() => DriverProcess.Passes(static () =>
    {
        using PrimaryContext context = new(0);
        context.SetCurrent();
        using KernelModule module = new(context);
        using CudaStream stream = new(CUStreamFlags.NonBlocking);
        using DeviceBuffer counts = new(8, "counts");
        using DeviceBuffer keys = new(2 * 4 * sizeof(ulong), "keys");
        using CudaDeviceVariable<ulong> values = new(keys.Pointer, keys.Bytes);
        using KernelLaunch sort = module.Find("sort_candidates", 1024).With(counts.Address).With(4).With(keys.Address);
        values.CopyToDevice([7, 5, 6, 0, 3, 1, 2, 4]);

        // Three keys of the first slot and all of the second.
        using CudaDeviceVariable<int> numbers = new(counts.Pointer, counts.Bytes);
        numbers.CopyToDevice([3, 4]);

        // What is sorted stays; the first launch also finds the driver's function.
        sort.Run(stream.Stream, 2);
        long before = GC.GetAllocatedBytesForCurrentThread();
        sort.Run(stream.Stream, 2);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        stream.Synchronize();

        ulong[] sorted = new ulong[8];
        values.CopyToHost(sorted);
        Assert.Equal([5ul, 6, 7], sorted[..3]);
        Assert.Equal([1ul, 2, 3, 4], sorted[4..]);

        // A parameter that is changed holds for later launches: two slots of two keys.
        values.CopyToDevice([9, 8, 5, 4]);
        numbers.CopyToDevice([2, 2]);
        sort.Set(1, 2);
        sort.Run(stream.Stream, 2);
        stream.Synchronize();
        values.CopyToHost(sorted);
        Assert.Equal([8ul, 9, 4, 5], sorted[..4]);
    });

    [Fact]
    public void Run_WrongLaunchSizes_Refused() => DriverProcess.Passes(static () =>
    {
        using PrimaryContext context = new(0);
        context.SetCurrent();
        using KernelModule module = new(context);
        using DeviceBuffer counts = new(4, "counts");
        using DeviceBuffer keys = new(4 * sizeof(ulong), "keys");
        CudaErrors.Refuses(CUResult.ErrorNotFound, () => module.Find("sort_nothing", 1024));

        using KernelLaunch empty = module.Find("sort_candidates", 1024).With(counts.Address).With(4).With(keys.Address);
        CudaErrors.Refuses(CUResult.ErrorInvalidValue, () => empty.Run(CUstream.NullStream, 0));

        using KernelLaunch wide = module.Find("suppress", 512);
        Assert.Throws<CudaException>(() => wide.Run(CUstream.NullStream, 1));
    });

    [Fact]
    public void With_MoreThanAKernelCanHave_Refused() => DriverProcess.Passes(static () =>
    {
        using PrimaryContext context = new(0);
        context.SetCurrent();
        using KernelModule module = new(context);
        using KernelLaunch launch = module.Find("suppress", 256);
        for (int parameter = 0; parameter < 256; parameter++)
            launch.With(parameter);

        Assert.Throws<ArgumentOutOfRangeException>(() => launch.With(0));
    });
}

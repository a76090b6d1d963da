using ManagedCuda;
using ManagedCuda.BasicTypes;
using YMaskNet.Gpu.Tests.StandIn;

namespace YMaskNet.Gpu.Tests.Binding;

/// <summary>The primary context: shared by all who retain it, current thread by thread.</summary>
public class ContextTests
{
    [Fact]
    public void Alloc_ThreadWithoutContext_IsRefusedUntilItIsCurrent() => DriverProcess.Passes(static () =>
    {
        using PrimaryContext context = new(0);
        CudaErrors.Refuses(CUResult.ErrorInvalidContext, static () => new CudaDeviceVariable<int>(1));

        context.SetCurrent();

        using CudaDeviceVariable<int> memory = new(1);
        CUResult elsewhere = CUResult.Success;
        Thread other = new(() => elsewhere = DriverAPINativeMethods.ContextManagement.cuCtxSynchronize());
        other.Start();
        other.Join();
        Assert.Equal(CUResult.ErrorInvalidContext, elsewhere);
    });

    [Fact]
    public void Dispose_OneOfTwoUsers_LeavesTheContextToTheOther() => DriverProcess.Passes(static () =>
    {
        PrimaryContext first = new(0);
        using PrimaryContext second = new(0);
        Assert.Equal(first.Context.Pointer, second.Context.Pointer);
        second.SetCurrent();

        first.Dispose();

        using CudaDeviceVariable<int> memory = new(1);
    });

    [Fact]
    public void Dispose_LastUser_TakesTheContextFromEveryThread() => DriverProcess.Passes(static () =>
    {
        PrimaryContext context = new(0);
        context.SetCurrent();
        CudaDeviceVariable<int> memory = new(1);

        context.Dispose();

        CudaErrors.Refuses(CUResult.ErrorContextIsDestroyed, static () => new CudaDeviceVariable<int>(1));
        using PrimaryContext fresh = new(0);
        fresh.SetCurrent();
        Assert.Equal((ulong)fresh.GetTotalDeviceMemorySize(), (ulong)fresh.GetFreeDeviceMemorySize());
        Assert.Equal(CUResult.ErrorInvalidValue, DriverAPINativeMethods.MemoryManagement.cuMemFree_v2(memory.DevicePointer));
    });

    [Fact]
    public void Dispose_MemoryNotFreed_IsTold()
    {
        DriverRun run = DriverProcess.Run(static () =>
        {
            using PrimaryContext context = new(0);
            context.SetCurrent();
            _ = new CudaDeviceVariable<byte>(1000);
            _ = new CudaPageLockedHostMemory<byte>(24);
        });

        Assert.Equal(0, run.ExitCode);
        Assert.Contains("2 allocations were not freed: 1000 bytes of device memory, 24 of pinned memory", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void SetFlags_BeforeTheContext_IsTaken() => DriverProcess.Passes(static () =>
    {
        PrimaryContext.SetFlags(0, CUCtxFlags.BlockingSync);
        using PrimaryContext context = new(0);
        Assert.ThrowsAny<ArgumentException>(static () => PrimaryContext.SetFlags(1, CUCtxFlags.BlockingSync));
    });

    [Fact]
    public void PopCurrent_AfterPush_GivesTheContextBeforeIt() => DriverProcess.Passes(static () =>
    {
        using PrimaryContext context = new(0);
        CudaErrors.Succeeds(DriverAPINativeMethods.ContextManagement.cuCtxPushCurrent_v2(context.Context));
        CUcontext current = default;
        CudaErrors.Succeeds(DriverAPINativeMethods.ContextManagement.cuCtxGetCurrent(ref current));
        Assert.Equal(context.Context.Pointer, current.Pointer);

        CUcontext popped = default;
        CudaErrors.Succeeds(DriverAPINativeMethods.ContextManagement.cuCtxPopCurrent_v2(ref popped));

        Assert.Equal(context.Context.Pointer, popped.Pointer);
        CudaErrors.Succeeds(DriverAPINativeMethods.ContextManagement.cuCtxGetCurrent(ref current));
        Assert.Equal(0, current.Pointer);
    });
}

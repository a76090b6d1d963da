using ManagedCuda;
using ManagedCuda.BasicTypes;
using YMaskNet.Gpu.Tests.StandIn;

namespace YMaskNet.Gpu.Tests.Binding;

/// <summary>Functions of the host in a stream's order.</summary>
public class HostFunctionTests
{
    [Fact]
    public void LaunchHostFunc_BetweenWork_IsCalledInItsTurn() => DriverProcess.Passes(static () =>
    {
        using TestGpu gpu = new();
        using CudaStream stream = new(CUStreamFlags.NonBlocking);
        using CudaDeviceVariable<byte> memory = new(1);
        using CudaPageLockedHostMemory<byte> host = new(1);
        host[0] = 0;
        List<(nint Data, byte Seen)> calls = [];
        CUhostFn function = data => calls.Add((data, host[0]));

        memory.MemsetAsync(1, stream.Stream);
        host.AsyncCopyFromDevice(memory, stream.Stream);
        CudaErrors.Succeeds(DriverAPINativeMethods.Launch.cuLaunchHostFunc(stream.Stream, function, 77));
        memory.MemsetAsync(2, stream.Stream);
        host.AsyncCopyFromDevice(memory, stream.Stream);

        Assert.Empty(calls);
        stream.Synchronize();
        Assert.Equal([((nint)77, (byte)1)], calls);
        Assert.Equal(2, host[0]);
        GC.KeepAlive(function);
    });

    [Fact]
    public void LaunchHostFunc_ThatCallsTheDriver_IsRefusedThere() => DriverProcess.Passes(static () =>
    {
        using TestGpu gpu = new();
        CUResult inside = CUResult.Success;
        CUhostFn function = _ => inside = DriverAPINativeMethods.ContextManagement.cuCtxSynchronize();
        CudaErrors.Succeeds(DriverAPINativeMethods.Launch.cuLaunchHostFunc(CUstream.NullStream, function, 0));

        gpu.Context.Synchronize();

        Assert.Equal(CUResult.ErrorNotPermitted, inside);
        GC.KeepAlive(function);
    });

    [Fact]
    public void LaunchHostFunc_ContextLostBeforeItsTurn_IsNeverCalled() => DriverProcess.Passes(
        static () =>
        {
            using TestGpu gpu = new();
            using CudaStream stream = new(CUStreamFlags.NonBlocking);
            using CudaDeviceVariable<float> values = new(1);
            bool isCalled = false;
            CUhostFn function = _ => isCalled = true;

            gpu.Scale(values, values, 1, stream.Stream);
            CudaErrors.Succeeds(DriverAPINativeMethods.Launch.cuLaunchHostFunc(stream.Stream, function, 0));

            CudaErrors.Refuses(CUResult.ErrorLaunchFailed, stream.Synchronize);
            Assert.False(isCalled);
            GC.KeepAlive(function);
        },
        ("CUDA_STANDIN_LOST_AT_LAUNCH", "1"));
}

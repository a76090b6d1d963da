using ManagedCuda;
using ManagedCuda.BasicTypes;
using YMaskNet.Gpu.Tests.StandIn;

namespace YMaskNet.Gpu.Tests.Binding;

/// <summary>Events: places in a stream's order.</summary>
public class EventTests
{
    [Fact]
    public void Synchronize_RecordedBetweenWork_RunsWhatIsBeforeIt() => DriverProcess.Passes(static () =>
    {
        using TestGpu gpu = new();
        using CudaStream stream = new(CUStreamFlags.NonBlocking);
        using CudaEvent between = new();
        using CudaDeviceVariable<byte> memory = new(1);
        using CudaPageLockedHostMemory<byte> first = new(1);
        using CudaPageLockedHostMemory<byte> second = new(1);
        memory.Memset(1);
        first[0] = second[0] = 0;

        first.AsyncCopyFromDevice(memory, stream.Stream);
        between.Record(stream.Stream);
        second.AsyncCopyFromDevice(memory, stream.Stream);
        between.Synchronize();

        Assert.Equal(1, first[0]);
        Assert.Equal(0, second[0]);
        stream.Synchronize();
        Assert.Equal(1, second[0]);
    });

    [Fact]
    public void Record_Again_MovesTheEvent() => DriverProcess.Passes(static () =>
    {
        using TestGpu gpu = new();
        using CudaStream stream = new(CUStreamFlags.NonBlocking);
        using CudaEvent moved = new();
        using CudaDeviceVariable<byte> memory = new(1);
        using CudaPageLockedHostMemory<byte> host = new(1);
        memory.Memset(1);
        host[0] = 0;

        moved.Record(stream.Stream);
        host.AsyncCopyFromDevice(memory, stream.Stream);
        moved.Record(stream.Stream);

        Assert.False(moved.Query());
        Assert.True(moved.Query());
        Assert.Equal(1, host[0]);
    });

    [Fact]
    public void WaitEvent_RecordedAgainAfterwards_WaitsForTheEarlierPlace() => DriverProcess.Passes(static () =>
    {
        using TestGpu gpu = new();
        using CudaStream first = new(CUStreamFlags.NonBlocking);
        using CudaStream second = new(CUStreamFlags.NonBlocking);
        using CudaEvent place = new();
        using CudaDeviceVariable<byte> memory = new(1);
        using CudaPageLockedHostMemory<byte> host = new(1);
        memory.Memset(0);

        memory.MemsetAsync(1, first.Stream);
        place.Record(first.Stream);
        second.WaitEvent(place.Event);
        memory.MemsetAsync(2, first.Stream);
        place.Record(first.Stream);
        host.AsyncCopyFromDevice(memory, second.Stream);
        second.Synchronize();

        Assert.Equal(1, host[0]);
    });

    [Fact]
    public void Event_NeverRecorded_IsNotWaitedFor() => DriverProcess.Passes(static () =>
    {
        using TestGpu gpu = new();
        using CudaStream stream = new(CUStreamFlags.NonBlocking);
        using CudaEvent never = new();

        stream.WaitEvent(never.Event);
        never.Synchronize();

        Assert.True(never.Query());
    });

    [Fact]
    public void ElapsedTime_TwoPlaces_IsTheTimeBetween() => DriverProcess.Passes(static () =>
    {
        using TestGpu gpu = new();
        using CudaEvent start = new();
        using CudaEvent end = new();
        start.Record();
        start.Synchronize();
        Thread.Sleep(20);
        end.Record();

        CudaErrors.Refuses(CUResult.ErrorNotReady, () => CudaEvent.ElapsedTime(start, end));
        end.Synchronize();

        Assert.InRange(CudaEvent.ElapsedTime(start, end), 15, 20_000);
    });

    [Fact]
    public void ElapsedTime_EventWithoutTiming_IsRefused() => DriverProcess.Passes(static () =>
    {
        using TestGpu gpu = new();
        using CudaEvent timed = new();
        using CudaEvent untimed = new(CUEventFlags.DisableTiming);
        timed.Record();
        untimed.Record();
        gpu.Context.Synchronize();

        CudaErrors.Refuses(CUResult.ErrorInvalidHandle, () => CudaEvent.ElapsedTime(timed, untimed));
    });
}

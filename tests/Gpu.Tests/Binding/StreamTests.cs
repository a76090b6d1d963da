using ManagedCuda;
using ManagedCuda.BasicTypes;
using YMaskNet.Gpu.Tests.StandIn;

namespace YMaskNet.Gpu.Tests.Binding;

/// <summary>The order of work within a stream, between streams, and with the default stream.</summary>
public class StreamTests
{
    [Fact]
    public void Synchronize_OneStream_RunsItsWorkInOrder() => DriverProcess.Passes(static () =>
    {
        using TestGpu gpu = new();
        using CudaStream stream = new(CUStreamFlags.NonBlocking);
        using CudaDeviceVariable<float> values = new(100);
        using CudaPageLockedHostMemory<float> host = new(100);
        for (int index = 0; index < 100; index++)
            host[index] = index;

        host.AsyncCopyToDevice(values, stream.Stream);
        gpu.Scale(values, values, 2, stream.Stream);
        gpu.Scale(values, values, 3, stream.Stream);
        host.AsyncCopyFromDevice(values, stream.Stream);
        stream.Synchronize();

        Assert.Equal(Enumerable.Range(0, 100).Select(index => index * 6f), host);
    });

    [Fact]
    public void Synchronize_OneOfTwoStreams_LeavesTheOtherAlone() => DriverProcess.Passes(static () =>
    {
        using TestGpu gpu = new();
        using CudaStream first = new(CUStreamFlags.NonBlocking);
        using CudaStream second = new(CUStreamFlags.NonBlocking);
        using CudaDeviceVariable<int> memory = new(1);
        using CudaPageLockedHostMemory<int> host = new(1);
        memory.Memset(0);
        host[0] = 9;

        host.AsyncCopyFromDevice(memory, first.Stream);
        second.Synchronize();

        Assert.Equal(9, host[0]);
        first.Synchronize();
        Assert.Equal(0, host[0]);
    });

    [Fact]
    public void WaitEvent_RecordedInAnotherStream_OrdersTheTwo() => DriverProcess.Passes(static () =>
    {
        using TestGpu gpu = new();
        using CudaStream upload = new(CUStreamFlags.NonBlocking);
        using CudaStream compute = new(CUStreamFlags.NonBlocking);
        using CudaEvent uploaded = new(CUEventFlags.DisableTiming);
        using CudaDeviceVariable<float> values = new(1);
        using CudaPageLockedHostMemory<float> host = new(1);
        using CudaPageLockedHostMemory<float> withoutEvent = new(1);
        host[0] = 7;

        withoutEvent.AsyncCopyFromDevice(values, compute.Stream);
        compute.Synchronize();
        host.AsyncCopyToDevice(values, upload.Stream);
        withoutEvent.AsyncCopyFromDevice(values, compute.Stream);
        compute.Synchronize();
        Assert.True(float.IsNaN(withoutEvent[0]), $"{withoutEvent[0]} came to a stream that waited for nothing");

        uploaded.Record(upload.Stream);
        compute.WaitEvent(uploaded.Event);
        gpu.Scale(values, values, 2, compute.Stream);
        host.AsyncCopyFromDevice(values, compute.Stream);
        compute.Synchronize();

        Assert.Equal(14, host[0]);
    });

    [Fact]
    public void DefaultStream_BlockingStreams_WaitForItAndItForThem() => DriverProcess.Passes(static () =>
    {
        using TestGpu gpu = new();
        using CudaStream blocking = new(CUStreamFlags.Default);
        using CudaDeviceVariable<int> memory = new(1);
        using CudaPageLockedHostMemory<int> host = new(1);
        host[0] = 5;

        host.AsyncCopyToDevice(memory, blocking.Stream);
        int[] read = new int[1];
        memory.CopyToHost(read);
        Assert.Equal(5, read[0]);

        memory.MemsetAsync(1, CUstream.NullStream);
        host.AsyncCopyFromDevice(memory, blocking.Stream);
        blocking.Synchronize();
        Assert.Equal(0x01010101, host[0]);
    });

    [Fact]
    public void DefaultStream_NonBlockingStream_HasNothingToDoWithIt() => DriverProcess.Passes(static () =>
    {
        using TestGpu gpu = new();
        using CudaStream stream = new(CUStreamFlags.NonBlocking);
        using CudaDeviceVariable<int> memory = new(1);
        memory.Memset(0);

        memory.MemsetAsync(1, stream.Stream);

        int[] read = new int[1];
        memory.CopyToHost(read);
        Assert.Equal(0, read[0]);
        gpu.Context.Synchronize();
        memory.CopyToHost(read);
        Assert.Equal(0x01010101, read[0]);
    });

    [Fact]
    public void Synchronize_ManyThreadsWithStreamsOfTheirOwn_GivesEachItsResult() => DriverProcess.Passes(static () =>
    {
        using TestGpu gpu = new();
        float[] results = new float[4];
        Thread[] threads = [.. Enumerable.Range(0, results.Length).Select(index => new Thread(() =>
        {
            gpu.Context.SetCurrent();
            using CudaStream stream = new(CUStreamFlags.NonBlocking);
            using CudaDeviceVariable<float> values = new(1);
            using CudaPageLockedHostMemory<float> host = new(1);
            host[0] = index;
            host.AsyncCopyToDevice(values, stream.Stream);
            for (int launch = 0; launch < 10; launch++)
            {
                gpu.Scale(values, values, 2, stream.Stream);
                if (launch % 3 == 0)
                    stream.Synchronize();
            }

            host.AsyncCopyFromDevice(values, stream.Stream);
            stream.Synchronize();
            results[index] = host[0];
        }))];

        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join());

        Assert.Equal([0f, 1024, 2048, 3072], results);
    });

    [Fact]
    public void Query_WorkEnqueued_IsFalseBeforeItIsTrue() => DriverProcess.Passes(static () =>
    {
        using TestGpu gpu = new();
        using CudaStream stream = new(CUStreamFlags.NonBlocking);
        using CudaDeviceVariable<int> memory = new(1);
        Assert.True(stream.Query());

        memory.MemsetAsync(1, stream.Stream);

        Assert.False(stream.Query());
        Assert.True(stream.Query());
    });

    [Fact]
    public void Dispose_WorkEnqueued_IsStillDone() => DriverProcess.Passes(static () =>
    {
        using TestGpu gpu = new();
        CudaStream stream = new(CUStreamFlags.NonBlocking);
        using CudaDeviceVariable<int> memory = new(1);
        memory.MemsetAsync(1, stream.Stream);

        stream.Dispose();

        int[] read = new int[1];
        memory.CopyToHost(read);
        Assert.Equal(0x01010101, read[0]);
        Assert.Equal(CUResult.ErrorInvalidHandle, DriverAPINativeMethods.Streams.cuStreamSynchronize(stream.Stream));
    });
}

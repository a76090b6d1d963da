using ManagedCuda;
using ManagedCuda.BasicTypes;
using YMaskNet.Gpu.Tests.StandIn;

namespace YMaskNet.Gpu.Tests.Binding;

/// <summary>Copies: what they take, when they happen, where they must not go.</summary>
public class CopyTests
{
    [Fact]
    public void CopyToHost_AfterCopyToDevice_GivesTheSame() => DriverProcess.Passes(static () =>
    {
        using TestGpu gpu = new();
        int[] values = [.. Enumerable.Range(0, 1000)];
        using CudaDeviceVariable<int> memory = new(values.Length);
        using CudaDeviceVariable<int> copy = new(values.Length);
        int[] read = new int[values.Length];

        memory.CopyToDevice(values);
        copy.AsyncCopyToDevice(memory, CUstream.NullStream);
        copy.CopyToHost(read);

        Assert.Equal(values, read);
    });

    [Fact]
    public void AsyncCopy_NotYetWaitedFor_HasNotHappened() => DriverProcess.Passes(static () =>
    {
        using TestGpu gpu = new();
        using CudaStream stream = new(CUStreamFlags.NonBlocking);
        using CudaDeviceVariable<int> memory = new(1);
        using CudaPageLockedHostMemory<int> upload = new(1);
        using CudaPageLockedHostMemory<int> download = new(1);
        upload[0] = 5;
        download[0] = 0;

        upload.AsyncCopyToDevice(memory, stream.Stream);
        download.AsyncCopyFromDevice(memory, stream.Stream);

        Assert.Equal(0, download[0]);
        stream.Synchronize();
        Assert.Equal(5, download[0]);
    });

    [Fact]
    public void AsyncCopy_PinnedMemoryChangedTooEarly_TakesTheChange() => DriverProcess.Passes(static () =>
    {
        using TestGpu gpu = new();
        using CudaStream stream = new(CUStreamFlags.NonBlocking);
        using CudaDeviceVariable<int> memory = new(1);
        using CudaPageLockedHostMemory<int> upload = new(1);
        upload[0] = 5;

        upload.AsyncCopyToDevice(memory, stream.Stream);
        upload[0] = 6;
        stream.Synchronize();

        int[] read = new int[1];
        memory.CopyToHost(read);
        Assert.Equal(6, read[0]);
    });

    [Fact]
    public unsafe void AsyncCopy_PageableMemory_IsTakenBeforeTheCallReturns() => DriverProcess.Passes(static () =>
    {
        using TestGpu gpu = new();
        using CudaStream stream = new(CUStreamFlags.NonBlocking);
        using CudaDeviceVariable<int> memory = new(1);
        int value = 5;

        CudaErrors.Succeeds(DriverAPINativeMethods.AsynchronousMemcpy_v2.cuMemcpyHtoDAsync_v2(
            memory.DevicePointer, (nint)(&value), sizeof(int), stream.Stream));
        value = 0;
        CudaErrors.Succeeds(DriverAPINativeMethods.AsynchronousMemcpy_v2.cuMemcpyDtoHAsync_v2(
            (nint)(&value), memory.DevicePointer, sizeof(int), stream.Stream));

        Assert.Equal(5, value);
    });

    [Fact]
    public void AsyncCopy_EagerDriver_HasHappenedWhenTheCallReturns() => DriverProcess.Passes(
        static () =>
        {
            using TestGpu gpu = new();
            using CudaStream stream = new(CUStreamFlags.NonBlocking);
            using CudaDeviceVariable<int> memory = new(1);
            using CudaPageLockedHostMemory<int> pinned = new(1);
            pinned[0] = 5;

            pinned.AsyncCopyToDevice(memory, stream.Stream);
            pinned[0] = 0;
            pinned.AsyncCopyFromDevice(memory, stream.Stream);

            Assert.Equal(5, pinned[0]);
        },
        ("CUDA_STANDIN_EAGER", "1"));

    [Fact]
    public void Copy_BeyondAnAllocation_IsRefused() => DriverProcess.Passes(static () =>
    {
        using TestGpu gpu = new();
        using CudaDeviceVariable<byte> memory = new(100);
        using CudaDeviceVariable<byte> tooSmall = new(99);
        using CudaPageLockedHostMemory<byte> pinned = new(101);
        CUdeviceptr before = new(memory.DevicePointer.Pointer - 1ul);
        CUdeviceptr after = new(memory.DevicePointer.Pointer + 100ul);

        CudaErrors.Refuses(CUResult.ErrorInvalidValue, () => memory.CopyToDevice(new byte[101]));
        CudaErrors.Refuses(CUResult.ErrorInvalidValue, () => memory.CopyToHost(new byte[101]));
        CudaErrors.Refuses(CUResult.ErrorInvalidValue, () => tooSmall.AsyncCopyToDevice(memory, CUstream.NullStream));
        CudaErrors.Refuses(CUResult.ErrorInvalidValue, () => pinned.AsyncCopyToDevice(memory, CUstream.NullStream));
        Assert.Equal(CUResult.ErrorInvalidValue, DriverAPINativeMethods.Memset.cuMemsetD8_v2(before, 0, 1));
        Assert.Equal(CUResult.ErrorInvalidValue, DriverAPINativeMethods.Memset.cuMemsetD8_v2(after, 0, 1));
        memory.CopyToDevice(new byte[100]);
    });

    [Fact]
    public void AsyncCopy_BeyondPinnedMemory_IsRefused() => DriverProcess.Passes(static () =>
    {
        using TestGpu gpu = new();
        using CudaDeviceVariable<byte> memory = new(100);
        using CudaPageLockedHostMemory<byte> pinned = new(100);

        CUResult result = DriverAPINativeMethods.AsynchronousMemcpy_v2.cuMemcpyHtoDAsync_v2(
            memory.DevicePointer, pinned.PinnedHostPointer + 1, 100, CUstream.NullStream);

        Assert.Equal(CUResult.ErrorInvalidValue, result);
    });
}

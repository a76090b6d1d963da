using ManagedCuda;
using ManagedCuda.BasicTypes;
using YMaskNet.Gpu.Tests.StandIn;

namespace YMaskNet.Gpu.Tests.Binding;

/// <summary>Device memory and pinned memory: how much there is, what is in it, what is not memory.</summary>
public class MemoryTests
{
    [Fact]
    public void Allocate_NeverWritten_IsNaN() => DriverProcess.Passes(static () =>
    {
        using TestGpu gpu = new();
        using CudaDeviceVariable<float> memory = new(1000);
        using CudaPageLockedHostMemory<float> pinned = new(1000);
        float[] read = new float[1000];

        memory.CopyToHost(read);

        Assert.All(read, value => Assert.True(float.IsNaN(value), $"{value} in device memory"));
        Assert.All(pinned, value => Assert.True(float.IsNaN(value), $"{value} in pinned memory"));
    });

    [Fact]
    public void Allocate_AnySize_IsAlignedTo256Bytes() => DriverProcess.Passes(static () =>
    {
        using TestGpu gpu = new();
        foreach (int bytes in (int[])[1, 255, 256, 257, 5000])
        {
            using CudaDeviceVariable<byte> memory = new(bytes);
            Assert.Equal(0ul, memory.DevicePointer.Pointer % 256ul);
        }
    });

    [Fact]
    public void GetFreeDeviceMemorySize_AllocatedAndFreed_FollowsBothToTheByte() => DriverProcess.Passes(static () =>
    {
        using TestGpu gpu = new();
        ulong before = gpu.Context.GetFreeDeviceMemorySize();

        CudaDeviceVariable<int> memory = new(250);
        ulong between = gpu.Context.GetFreeDeviceMemorySize();
        memory.Dispose();

        Assert.Equal(before - 1000, between);
        Assert.Equal(before, (ulong)gpu.Context.GetFreeDeviceMemorySize());
    });

    [Fact]
    public void Allocate_MoreThanIsFree_IsOutOfMemoryAndHarmsNothing() => DriverProcess.Passes(
        static () =>
        {
            using TestGpu gpu = new();
            CudaDeviceVariable<byte> first = new(600);

            CudaErrors.Refuses(CUResult.ErrorOutOfMemory, static () => new CudaDeviceVariable<byte>(401));

            first.Memset(7);
            using CudaDeviceVariable<byte> rest = new(400);
            first.Dispose();
            using CudaDeviceVariable<byte> again = new(600);
        },
        ("CUDA_STANDIN_MEMORY_BYTES", "1000"));

    [Fact]
    public void Allocate_Nothing_IsRefused() => DriverProcess.Passes(static () =>
    {
        using TestGpu gpu = new();
        CudaErrors.Refuses(CUResult.ErrorInvalidValue, static () => new CudaDeviceVariable<byte>(0));
        CudaErrors.Refuses(CUResult.ErrorInvalidValue, static () => new CudaPageLockedHostMemory<byte>(0));
    });

    [Fact]
    public void Free_TwiceOrWithinAnAllocation_IsRefused() => DriverProcess.Passes(static () =>
    {
        using TestGpu gpu = new();
        CudaDeviceVariable<byte> memory = new(1000);
        CUdeviceptr inside = new(memory.DevicePointer.Pointer + 256ul);
        Assert.Equal(CUResult.ErrorInvalidValue, DriverAPINativeMethods.MemoryManagement.cuMemFree_v2(inside));

        memory.Dispose();

        Assert.Equal(CUResult.ErrorInvalidValue, DriverAPINativeMethods.MemoryManagement.cuMemFree_v2(memory.DevicePointer));
    });

    [Fact]
    public void Memset_ElementsOf32Bits_FillsExactlyThose() => DriverProcess.Passes(static () =>
    {
        using TestGpu gpu = new();
        using CudaDeviceVariable<uint> memory = new(4);
        CUdeviceptr second = new(memory.DevicePointer.Pointer + 4ul);

        CudaErrors.Succeeds(DriverAPINativeMethods.Memset.cuMemsetD32_v2(second, 42, 2));

        uint[] read = new uint[4];
        memory.CopyToHost(read);
        Assert.Equal([uint.MaxValue, 42, 42, uint.MaxValue], read);
        CUdeviceptr unaligned = new(memory.DevicePointer.Pointer + 1ul);
        Assert.Equal(CUResult.ErrorInvalidValue, DriverAPINativeMethods.Memset.cuMemsetD32_v2(unaligned, 42, 1));
    });
}

using System.Runtime.InteropServices;
using ManagedCuda;
using ManagedCuda.BasicTypes;
using YMaskNet.Gpu.Tests.StandIn;

namespace YMaskNet.Gpu.Tests.Binding;

/// <summary>Launches: arguments in every form, shapes that fit and shapes that do not.</summary>
public class LaunchTests
{
    [Fact]
    public void RunAsync_ManyBlocks_ComputesEveryValue() => DriverProcess.Passes(static () =>
    {
        using TestGpu gpu = new();
        float[] values = [.. Enumerable.Range(0, 1000).Select(index => index / 8f)];
        using CudaDeviceVariable<float> input = new(values.Length);
        using CudaDeviceVariable<float> output = new(values.Length);
        input.CopyToDevice(values);

        gpu.Scale(output, input, 3, CUstream.NullStream);

        float[] read = new float[values.Length];
        output.CopyToHost(read);
        Assert.Equal(values.Select(value => value * 3), read);
    });

    [Fact]
    public void RunAsync_SharedMemoryAndBarriers_ReversesEachBlock() => DriverProcess.Passes(static () =>
    {
        using TestGpu gpu = new();
        int[] values = [.. Enumerable.Range(0, 3 * TestGpu.MostThreads)];
        using CudaDeviceVariable<int> memory = new(values.Length);
        memory.CopyToDevice(values);

        gpu.Kernel("test_reverse", 3, TestGpu.MostThreads, TestGpu.MostThreads * sizeof(int)).RunAsync(CUstream.NullStream, memory.DevicePointer);

        int[] read = new int[values.Length];
        memory.CopyToHost(read);
        Assert.Equal(values.Chunk(TestGpu.MostThreads).SelectMany(block => block.Reverse()), read);
    });

    [Fact]
    public unsafe void LaunchKernel_OneArgumentBlockForManyLaunches_MakesNoGarbage() => DriverProcess.Passes(static () =>
    {
        using TestGpu gpu = new();
        using CudaStream stream = new(CUStreamFlags.NonBlocking);
        using CudaDeviceVariable<float> values = new(1);
        values.CopyToDevice([1]);
        CUfunction scale = gpu.Kernel("test_scale", 1, 1).CUFunction;
        CUdeviceptr address = values.DevicePointer;
        int count = 1;
        float factor = 0;
        nint[] arguments = [(nint)(&address), (nint)(&address), (nint)(&count), (nint)(&factor)];
        long garbage = 0;

        for (int launch = 0; launch < 10; launch++)
        {
            // The arguments are taken before the call returns, so the block may change for the next launch.
            factor = launch == 0 ? 3 : 2;
            long before = GC.GetAllocatedBytesForCurrentThread();
            CUResult result = DriverAPINativeMethods.Launch.cuLaunchKernel(scale, 1, 1, 1, 1, 1, 1, 0, stream.Stream, arguments, null);
            garbage = GC.GetAllocatedBytesForCurrentThread() - before;
            CudaErrors.Succeeds(result);
        }

        stream.Synchronize();
        float[] read = new float[1];
        values.CopyToHost(read);
        Assert.Equal(3 * 512, read[0]);
        Assert.Equal(0, garbage);
    });

    [Fact]
    public void RunAsync_StructByValueAmongOthers_ArrivesWhole() => DriverProcess.Passes(static () =>
    {
        using TestGpu gpu = new();
        using CudaDeviceVariable<float> output = new(4);
        Weights weights = new() { Scale = 0.5, First = 10, Offset0 = 1, Offset1 = 2, Offset2 = 3 };

        gpu.Kernel("test_weigh", 1, 4).RunAsync(CUstream.NullStream, (sbyte)-1, weights, output.DevicePointer, (short)4);

        float[] read = new float[4];
        output.CopyToHost(read);
        Assert.Equal([5f, 6.5f, 8, 6.5f], read);
    });

    [Fact]
    public unsafe void LaunchKernel_ArgumentsInABuffer_AreTakenAtTheirAlignment() => DriverProcess.Passes(static () =>
    {
        using TestGpu gpu = new();
        using CudaDeviceVariable<float> output = new(4);
        WeighArguments buffer = new()
        {
            Added = -1,
            Weights = new() { Scale = 0.5, First = 10, Offset0 = 1, Offset1 = 2, Offset2 = 3 },
            Output = output.DevicePointer,
            Count = 4,
        };
        nuint bytes = (nuint)Marshal.OffsetOf<WeighArguments>(nameof(WeighArguments.Count)) + sizeof(short);
        nint[] extra = [1, (nint)(&buffer), 2, (nint)(&bytes), 0];
        CUfunction weigh = gpu.Kernel("test_weigh", 1, 4).CUFunction;

        CudaErrors.Succeeds(DriverAPINativeMethods.Launch.cuLaunchKernel(weigh, 1, 1, 1, 4, 1, 1, 0, CUstream.NullStream, null, extra));

        float[] read = new float[4];
        output.CopyToHost(read);
        Assert.Equal([5f, 6.5f, 8, 6.5f], read);
        bytes--;
        Assert.Equal(
            CUResult.ErrorInvalidValue,
            DriverAPINativeMethods.Launch.cuLaunchKernel(weigh, 1, 1, 1, 4, 1, 1, 0, CUstream.NullStream, null, extra));
    });

    [Fact]
    public void LaunchKernel_NoArguments_IsRefused() => DriverProcess.Passes(static () =>
    {
        using TestGpu gpu = new();
        CUfunction scale = gpu.Kernel("test_scale", 1, 1).CUFunction;

        CUResult result = DriverAPINativeMethods.Launch.cuLaunchKernel(scale, 1, 1, 1, 1, 1, 1, 0, CUstream.NullStream, null, null);

        Assert.Equal(CUResult.ErrorInvalidValue, result);
    });

    [Fact]
    public void LaunchKernel_ShapesBeyondTheLimits_AreRefused() => DriverProcess.Passes(static () =>
    {
        using TestGpu gpu = new();
        using CudaDeviceVariable<int> memory = new(TestGpu.MostThreads);
        Shape most = new(1, 1, 1, TestGpu.MostThreads, 1, 1, 48 * 1024 - TestGpu.MostThreads * sizeof(int));
        Assert.Equal(CUResult.Success, LaunchReverse(gpu, memory, most));

        Shape[] refused =
        [
            most with { GridX = 0 },
            most with { GridY = 0 },
            most with { GridZ = 0 },
            most with { BlockX = 0 },
            most with { BlockY = 0 },
            most with { BlockZ = 0 },
            most with { GridX = 1u << 31 },
            most with { GridY = 65536 },
            most with { GridZ = 65536 },
            most with { BlockX = TestGpu.MostThreads + 1 },
            most with { BlockX = TestGpu.MostThreads / 2, BlockY = 3 },
            most with { BlockX = 1, BlockZ = 65 },
            most with { BlockX = 1025 },
            most with { SharedBytes = most.SharedBytes + 1 },
        ];

        Assert.All(refused, shape => Assert.Equal(CUResult.ErrorInvalidValue, LaunchReverse(gpu, memory, shape)));
    });

    [Fact]
    public void LaunchKernel_MoreSharedMemoryAskedFor_IsGiven() => DriverProcess.Passes(static () =>
    {
        using TestGpu gpu = new();
        using CudaDeviceVariable<int> memory = new(TestGpu.MostThreads);
        Shape large = new(1, 1, 1, TestGpu.MostThreads, 1, 1, 100 * 1024);
        CUfunction reverse = gpu.Kernel("test_reverse", 1, 1).CUFunction;
        Assert.Equal(CUResult.ErrorInvalidValue, LaunchReverse(gpu, memory, large));

        CudaErrors.Succeeds(DriverAPINativeMethods.FunctionManagement.cuFuncSetAttribute(
            reverse, CUFunctionAttribute.MaxDynamicSharedSizeBytes, 100 * 1024));

        Assert.Equal(CUResult.Success, LaunchReverse(gpu, memory, large));
        Assert.Equal(
            CUResult.ErrorInvalidValue,
            DriverAPINativeMethods.FunctionManagement.cuFuncSetAttribute(
                reverse, CUFunctionAttribute.MaxDynamicSharedSizeBytes, 227 * 1024));
    });

    private static unsafe CUResult LaunchReverse(TestGpu gpu, CudaDeviceVariable<int> memory, Shape shape)
    {
        CUdeviceptr address = memory.DevicePointer;
        return DriverAPINativeMethods.Launch.cuLaunchKernel(
            gpu.Kernel("test_reverse", 1, 1).CUFunction,
            shape.GridX, shape.GridY, shape.GridZ, shape.BlockX, shape.BlockY, shape.BlockZ, shape.SharedBytes,
            CUstream.NullStream, [(nint)(&address)], null);
    }

    private sealed record Shape(uint GridX, uint GridY, uint GridZ, uint BlockX, uint BlockY, uint BlockZ, uint SharedBytes);

    /// <summary>test_kernels.cu's struct of the same name.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct Weights
    {
        public double Scale;
        public int First;
        public float Offset0;
        public float Offset1;
        public float Offset2;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct WeighArguments
    {
        public sbyte Added;
        public Weights Weights;
        public CUdeviceptr Output;
        public short Count;
    }
}

using ManagedCuda;
using ManagedCuda.BasicTypes;
using YMaskNet.Gpu.Tests.StandIn;

namespace YMaskNet.Gpu.Tests.Binding;

/// <summary>What comes of kernels that do wrong and of a device that is lost.</summary>
public class FailureTests
{
    [Fact]
    public void Launch_DeviceLost_FailsWhenWaitedForAndEverAfter() => DriverProcess.Passes(
        static () =>
        {
            using TestGpu gpu = new();
            using CudaStream stream = new(CUStreamFlags.NonBlocking);
            using CudaDeviceVariable<float> values = new(1);
            values.CopyToDevice([1]);
            gpu.Scale(values, values, 2, stream.Stream);
            stream.Synchronize();

            gpu.Scale(values, values, 2, stream.Stream);

            CudaErrors.Refuses(CUResult.ErrorLaunchFailed, stream.Synchronize);
            CudaErrors.Refuses(CUResult.ErrorLaunchFailed, () => values.CopyToHost(new float[1]));
            CudaErrors.Refuses(CUResult.ErrorLaunchFailed, static () => new CudaDeviceVariable<int>(1));
            CudaErrors.Refuses(CUResult.ErrorLaunchFailed, () => stream.Query());
            gpu.Context.Dispose();
            CudaErrors.Refuses(CUResult.ErrorUnknown, static () => new PrimaryContext(0));
        },
        ("CUDA_STANDIN_LOST_AT_LAUNCH", "2"));

    [Fact]
    public void Launch_ThreadsAtNoCommonBarrier_LosesTheContextAndSaysWhere()
    {
        DriverRun run = DriverProcess.Run(static () =>
        {
            using TestGpu gpu = new();
            using CudaDeviceVariable<int> memory = new(TestGpu.MostThreads);

            gpu.Kernel("test_diverge", 1, TestGpu.MostThreads).RunAsync(CUstream.NullStream, memory.DevicePointer);

            CudaErrors.Refuses(CUResult.ErrorLaunchFailed, gpu.Context.Synchronize);
            gpu.Context.Dispose();
            using TestGpu fresh = new();
            using CudaDeviceVariable<int> again = new(1);
        });

        Assert.True(run.ExitCode == 0, run.Output);
        Assert.Contains("test_diverge: block (0, 0, 0): divergent: 32 threads at a barrier", run.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("100", "wrote 0 bytes behind the end of the allocation of 100 bytes")]
    [InlineData("-1", "wrote 1 bytes before the allocation of 100 bytes")]
    public void Launch_WritesJustOutsideAnAllocation_LosesTheContextAndSaysWhere(string offset, string where)
    {
        DriverRun run = DriverProcess.Run(
            static () =>
            {
                using TestGpu gpu = new();
                using CudaDeviceVariable<byte> memory = new(100);

                gpu.Write(memory.DevicePointer, long.Parse(Environment.GetEnvironmentVariable("OFFSET")!), CUstream.NullStream);

                CudaErrors.Refuses(CUResult.ErrorIllegalAddress, gpu.Context.Synchronize);
            },
            ("OFFSET", offset));

        Assert.True(run.ExitCode == 0, run.Output);
        Assert.Contains("the kernel 'test_write' " + where, run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Launch_WritesFarBehindAnAllocation_EndsTheProcessAndSaysWhere()
    {
        DriverRun run = DriverProcess.Run(static () =>
        {
            using TestGpu gpu = new();
            using CudaDeviceVariable<byte> memory = new(256);
            gpu.Write(memory.DevicePointer, 256, CUstream.NullStream);
            gpu.Context.Synchronize();
        });

        Assert.NotEqual(0, run.ExitCode);
        Assert.Contains("the kernel 'test_write' touched", run.Output, StringComparison.Ordinal);
        Assert.Contains("0 bytes behind the end of the allocation of 256 bytes", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Launch_WritesToFreedMemory_EndsTheProcess()
    {
        DriverRun run = DriverProcess.Run(static () =>
        {
            using TestGpu gpu = new();
            CudaDeviceVariable<byte> memory = new(256);
            memory.Dispose();
            gpu.Write(memory.DevicePointer, 0, CUstream.NullStream);
            gpu.Context.Synchronize();
        });

        Assert.NotEqual(0, run.ExitCode);
        Assert.Contains("which is in no allocation", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void CudaException_OfADriversError_SaysItInTheDriversWords() => DriverProcess.Passes(static () =>
    {
        using TestGpu gpu = new();

        CudaException exception = Assert.Throws<CudaException>(static () => new CudaDeviceVariable<byte>(0));

        Assert.Equal("CUDA_ERROR_INVALID_VALUE", exception.CudaInternalErrorName);
        Assert.Equal("invalid argument", exception.CudaInternalErrorDescription);
    });
}

using ManagedCuda;
using ManagedCuda.BasicTypes;
using YMaskNet.Gpu.Tests.StandIn;

namespace YMaskNet.Gpu.Tests.Binding;

/// <summary>What there is to find: a driver, its version, its devices.</summary>
public class DetectionTests
{
    [Fact]
    public void GetDeviceInfo_OneDevice_DescribesIt() => DriverProcess.Passes(static () =>
    {
        Assert.Equal(1, CudaContext.GetDeviceCount());

        CudaDeviceProperties device = CudaContext.GetDeviceInfo(0);

        Assert.Equal("Stand-in for a CUDA device (CPU)", device.DeviceName);
        Assert.Equal(new Version(9, 0), device.ComputeCapability);
        Assert.Equal(8ul << 30, (ulong)device.TotalGlobalMemory);
        Assert.Equal(1024, device.MaxThreadsPerBlock);
        Assert.Equal(32, device.WarpSize);
    });

    [Fact]
    public void GetDeviceInfo_BeyondTheDevices_IsRefused() => DriverProcess.Passes(
        static () =>
        {
            Assert.Equal("Stand-in for a CUDA device (CPU)", CudaContext.GetDeviceName(1));
            Assert.ThrowsAny<ArgumentException>(() => CudaContext.GetDeviceInfo(2));
        },
        ("CUDA_STANDIN_DEVICES", "2"));

    [Fact]
    public void GetDeviceCount_NoDevice_IsAnErrorOfItsOwn() => DriverProcess.Passes(
        static () => CudaErrors.Refuses(CUResult.ErrorNoDevice, static () => CudaContext.GetDeviceCount()),
        ("CUDA_STANDIN_DEVICES", "0"));

    [Fact]
    public void GetDeviceCount_DriverOfAnotherVersionThanItsLibrary_IsAnErrorOfItsOwn() => DriverProcess.Passes(
        static () => CudaErrors.Refuses((CUResult)803, static () => CudaContext.GetDeviceCount()),
        ("CUDA_STANDIN_INIT_ERROR", "803"));

    [Fact]
    public void GetDeviceCount_NoDriver_ThrowsDllNotFoundException() => DriverProcess.PassesWithoutDriver(
        static () => Assert.Throws<DllNotFoundException>(static () => CudaContext.GetDeviceCount()));

    [Fact]
    public void GetDriverVersion_OldDriver_IsToldBeforeAnyDeviceIsUsed() => DriverProcess.Passes(
        static () => Assert.Equal(new Version(11, 4), CudaContext.GetDriverVersion()),
        ("CUDA_STANDIN_DRIVER_VERSION", "11040"));

    [Fact]
    public void Settings_NoNumber_StopTheDriverAndSayWhy()
    {
        DriverRun run = DriverProcess.Run(
            static () => CudaErrors.Refuses(CUResult.ErrorOperatingSystem, static () => CudaContext.GetDeviceCount()),
            ("CUDA_STANDIN_DEVICES", "many"));

        Assert.Equal(0, run.ExitCode);
        Assert.Contains("CUDA_STANDIN_DEVICES is 'many'; it must be a number from 0 to 8", run.Output, StringComparison.Ordinal);
    }
}

using YMaskNet.Gpu.Tests.StandIn;
using YMaskNet.Inference.Gpu.Devices;

namespace YMaskNet.Gpu.Tests.Devices;

/// <summary>Detection: each obstacle by its own name and in words that tell what to do.</summary>
public class GpuDevicesTests
{
    private static readonly string[] Needed = ["libcublasLt.so.13", "libcudart.so.13", "libc.so.6"];

    [Fact]
    public void Detect_EverythingThere_GivesTheDevices() => DriverProcess.Passes(
        static () =>
        {
            using TestProvider provider = new TestProvider(Needed).With("libcublasLt.so.13", "libcudart.so.13", "libcudnn.so.9", "libcufft.so.12");

            GpuDetection detection = GpuDevices.Detect(provider.Folder);

            Assert.Equal(GpuObstacle.None, detection.Obstacle);
            Assert.Equal(
                [
                    new GpuDevice(0, "Stand-in for a CUDA device (CPU)", new Version(9, 0), 8ul << 30),
                    new GpuDevice(1, "Stand-in for a CUDA device (CPU)", new Version(9, 0), 8ul << 30),
                ],
                detection.Devices);
        },
        ("CUDA_STANDIN_DEVICES", "2"));

    [Fact]
    public void Detect_NoDriver_SaysSo() => DriverProcess.PassesWithoutDriver(static () =>
        Refuses(GpuObstacle.NoDriver, "There is no CUDA driver on this machine: its library cannot be loaded."));

    [Fact]
    public void Detect_NoDevice_SaysSo() => DriverProcess.Passes(
        static () => Refuses(GpuObstacle.NoDevice, "The CUDA driver finds no device."),
        ("CUDA_STANDIN_DEVICES", "0"));

    [Fact]
    public void Detect_DriverThatDoesNotStart_GivesItsReason() => DriverProcess.Passes(
        static () =>
        {
            using TestProvider provider = new(Needed);

            GpuDetection detection = GpuDevices.Detect(provider.Folder);

            Assert.Equal(GpuObstacle.DriverError, detection.Obstacle);
            Assert.StartsWith("The CUDA driver does not start, error 803: ", detection.Reason, StringComparison.Ordinal);
        },
        ("CUDA_STANDIN_INIT_ERROR", "803"));

    [Fact]
    public void Detect_OldDevice_NamesItAndWhatIsNeeded() => DriverProcess.Passes(
        static () => Refuses(
            GpuObstacle.DeviceTooOld,
            "No device has compute capability 7.5 or newer; there is Stand-in for a CUDA device (CPU) (device 0, compute capability 7.0)."),
        ("CUDA_STANDIN_COMPUTE_CAPABILITY", "70"));

    [Fact]
    public void Detect_NoProvider_NamesItsFile() => DriverProcess.Passes(static () =>
    {
        DirectoryInfo empty = Directory.CreateTempSubdirectory("ymasknet-provider-");

        GpuDetection detection = GpuDevices.Detect(empty.FullName);

        empty.Delete();
        Assert.Equal(GpuObstacle.NoProvider, detection.Obstacle);
        Assert.Contains("libonnxruntime_providers_cuda.so", detection.Reason, StringComparison.Ordinal);
    });

    [Fact]
    public void Detect_DriverOlderThanTheProvidersCuda_GivesBothVersions() => DriverProcess.Passes(
        static () => Refuses(
            GpuObstacle.DriverTooOld, "The CUDA driver serves CUDA 12.8; ONNX Runtime's CUDA provider needs CUDA 13.0 or newer."),
        ("CUDA_STANDIN_DRIVER_VERSION", "12080"));

    [Fact]
    public void Detect_LibraryMissing_NamesIt() => DriverProcess.Passes(static () =>
        Refuses(GpuObstacle.LibraryMissing, "ONNX Runtime's CUDA provider needs libcublasLt.so.13, which is not on this machine."));

    [Fact]
    public void Detect_LibraryThatIsLoadedLaterMissing_NamesIt() => DriverProcess.Passes(static () =>
    {
        using TestProvider provider = new TestProvider(Needed).With("libcublasLt.so.13", "libcudart.so.13", "libcufft.so.12");

        GpuDetection detection = GpuDevices.Detect(provider.Folder);

        Assert.Equal(GpuObstacle.LibraryMissing, detection.Obstacle);
        Assert.Contains("libcudnn.so.9", detection.Reason, StringComparison.Ordinal);
    });

    private static void Refuses(GpuObstacle obstacle, string reason)
    {
        using TestProvider provider = new(Needed);

        GpuDetection detection = GpuDevices.Detect(provider.Folder);

        Assert.Equal(GpuDetection.Because(obstacle, reason) with { Devices = detection.Devices }, detection);
        Assert.Empty(detection.Devices);
    }
}

using Microsoft.Extensions.Logging.Abstractions;
using YMaskNet.Inference;
using YMaskNet.Inference.Gpu.Devices;

namespace YMaskNet.Gpu.Tests.Devices;

/// <summary>Which device models run on, and what is said where it can't be the one that is asked for.</summary>
public class DeviceSelectionTests
{
    private static readonly GpuDevice First = new(0, "first", new Version(8, 6), 1);
    private static readonly GpuDevice Second = new(2, "second", new Version(9, 0), 1);
    private static readonly GpuDetection Both = GpuDetection.Usable([First, Second]);
    private static readonly GpuDetection None = GpuDetection.Because(GpuObstacle.NoDriver, "There is no driver.");

    [Fact]
    public void Choose_Auto_FirstUsableElseTheCpu()
    {
        Assert.Equal(First, Choose(DeviceChoice.Auto, Both));
        Assert.Null(Choose(DeviceChoice.Auto, None));
    }

    [Fact]
    public void Choose_Cpu_DoesNotEvenLook() => Assert.Null(DeviceSelection.Choose(
        DeviceChoice.Cpu, () => throw new InvalidOperationException("It looked for GPUs."), NullLogger.Instance));

    [Fact]
    public void Choose_ANumber_ThatOneOrARefusalWithTheReason()
    {
        Assert.Equal(Second, Choose(DeviceChoice.Cuda(2), Both));

        DeviceUnavailableException missing = Assert.Throws<DeviceUnavailableException>(() => Choose(DeviceChoice.Cuda(1), Both));
        Assert.Equal("cuda:1", missing.Device);
        Assert.Contains("first (device 0", missing.Message, StringComparison.Ordinal);
        Assert.Contains("second (device 2", missing.Message, StringComparison.Ordinal);

        DeviceUnavailableException without = Assert.Throws<DeviceUnavailableException>(() => Choose(DeviceChoice.Cuda(0), None));
        Assert.Equal("can't run on cuda:0: There is no driver.", without.Message);
    }

    [Theory]
    [InlineData("auto", "auto")]
    [InlineData("CPU", "cpu")]
    [InlineData("cuda:0", "cuda:0")]
    [InlineData("Cuda:12", "cuda:12")]
    public void TryParse_AChoice_IsReadAndWrittenTheSame(string text, string written)
    {
        Assert.True(DeviceChoice.TryParse(text, out DeviceChoice choice));
        Assert.Equal(written, choice.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("gpu")]
    [InlineData("cuda")]
    [InlineData("cuda:")]
    [InlineData("cuda:-1")]
    [InlineData("cuda: 1")]
    [InlineData("cuda:99999999999")]
    public void TryParse_AnythingElse_Refused(string text) => Assert.False(DeviceChoice.TryParse(text, out _));

    private static GpuDevice? Choose(DeviceChoice choice, GpuDetection detection) =>
        DeviceSelection.Choose(choice, () => detection, NullLogger.Instance);
}

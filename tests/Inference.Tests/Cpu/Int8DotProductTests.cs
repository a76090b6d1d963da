using YMaskNet.Inference.Cpu;

namespace YMaskNet.Inference.Tests.Cpu;

public sealed class Int8DotProductTests
{
    private const string CpuInfo = "/proc/cpuinfo";

    [Fact]
    public void IsSupported_LinuxOnX64_IsWhatTheKernelSays()
    {
        Assert.SkipUnless(File.Exists(CpuInfo), $"skipped: no {CpuInfo}");
        string? flags = File.ReadLines(CpuInfo).FirstOrDefault(line => line.StartsWith("flags", StringComparison.Ordinal));
        Assert.SkipWhen(flags is null, "skipped: the kernel lists no flags, as on Arm");

        string[] names = flags!.Split(' ');
        bool expected = (names.Contains("avx512_vnni") && names.Contains("avx512vl") && names.Contains("avx512bw"))
            || (names.Contains("avx_vnni") && names.Contains("avx2"));

        Assert.Equal(expected, Int8DotProduct.IsSupported);
    }
}

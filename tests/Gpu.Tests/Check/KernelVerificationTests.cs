using System.Text.RegularExpressions;
using YMaskNet.Gpu.Tests.StandIn;
using YMaskNet.Perf.Gpu.Machines;
using YMaskNet.Perf.Gpu.Verification;

namespace YMaskNet.Gpu.Tests.Check;

/// <summary>The GPU check's verification of kernels, over the stand-in.</summary>
public class KernelVerificationTests
{
    [Fact]
    public void Run_OverTheStandIn_EveryKernelOfThePtxIsRight() => DriverProcess.Passes(static () =>
    {
        using DeviceMachine machine = new(0);
        using EmulatedMachine emulation = new(Path.Combine(StandInDriver.Folder, "..", EmulatedMachine.FileName));

        KernelVerdict[] verdicts = KernelVerification.Run(machine, emulation);

        Assert.Empty(verdicts.SelectMany(verdict => verdict.Failures));
        Assert.Equal(
            Regex.Matches(TestGpu.PipelineText, @"\.visible \.entry (\w+)").Select(match => match.Groups[1].Value).Order(),
            verdicts.Select(verdict => verdict.Kernel).Order());
    });

    [Fact]
    public void Run_AWrongBitInEveryResult_EveryKernelFailsAgainstBoth() => DriverProcess.Passes(static () =>
    {
        using DeviceMachine machine = new(0);
        using WrongMachine wrong = new(machine);

        KernelVerdict[] verdicts = KernelVerification.Run(wrong, machine);

        foreach (KernelVerdict verdict in verdicts)
        {
            Assert.Contains(verdict.Failures, failure => failure.Contains("CPU's operator", StringComparison.Ordinal));
            Assert.Contains(verdict.Failures, failure => failure.Contains("emulation's bits", StringComparison.Ordinal));
            Assert.All(verdict.Failures, failure => Assert.StartsWith(verdict.Kernel, failure, StringComparison.Ordinal));
        }
    });

    [Fact]
    public void RunOnly_MemoryThatIsNotFilled_RunsEveryKernel() => DriverProcess.Passes(static () =>
    {
        using DeviceMachine machine = new(0, fillsMemory: false);

        KernelVerification.RunOnly(machine);
    });

    [Fact]
    public void Cases_EachTime_AreTheSame()
    {
        string[] first = [.. KernelVerification.AllCases().Select(entry => $"{entry.Kernel} {entry.Name}")];

        Assert.Equal(first, KernelVerification.AllCases().Select(entry => $"{entry.Kernel} {entry.Name}"));
        Assert.Equal(first.Length, first.Distinct().Count());
    }

    /// <summary>Another machine whose results have a wrong bit: the highest of the first four bytes.</summary>
    private sealed class WrongMachine(IKernelMachine right) : IKernelMachine
    {
        public IKernelMemory Allocate(long bytes) => new WrongMemory(right.Allocate(bytes));

        public IKernelCall Find(string kernel, uint blockX, uint blockY = 1, uint sharedBytes = 0) =>
            right.Find(kernel, blockX, blockY, sharedBytes);

        public void Dispose()
        {
        }
    }

    private sealed class WrongMemory(IKernelMemory right) : IKernelMemory
    {
        public nint Address => right.Address;

        public void Write(ReadOnlySpan<byte> bytes) => right.Write(bytes);

        public void Read(Span<byte> bytes)
        {
            right.Read(bytes);
            if (!bytes.IsEmpty)
                bytes[Math.Min(3, bytes.Length - 1)] ^= 0x80;
        }

        public void Dispose() => right.Dispose();
    }
}

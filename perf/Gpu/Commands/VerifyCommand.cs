using System.CommandLine;
using YMaskNet.Perf.Gpu.Machines;
using YMaskNet.Perf.Gpu.Reports;
using YMaskNet.Perf.Gpu.Verification;

namespace YMaskNet.Perf.Gpu.Commands;

/// <summary><c>verify</c>: every kernel against the CPU's operators and the emulation.</summary>
internal static class VerifyCommand
{
    public static Command Create()
    {
        Option<int> device = CheckOptions.Device();
        Option<string> folder = CheckOptions.Out();
        Option<string> emulation = new("--emulation")
        {
            Description = $"The emulated kernels, as native-kernels/emulate.sh makes them. Default: {EmulatedMachine.FileName} beside this program, if it is there.",
            DefaultValueFactory = _ => Path.Combine(AppContext.BaseDirectory, EmulatedMachine.FileName),
        };
        Option<bool> runOnly = new("--run-only")
        {
            Description = "Runs the kernels for a sanitizer: memory is not filled before, and results are not looked at.",
        };
        Command command = new("verify", "Verifies every kernel.") { device, folder, emulation, runOnly };
        command.SetAction(parsed =>
        {
            int number = GpuGuard.ForKernels(parsed.GetValue(device)).Ordinal;
            if (parsed.GetValue(runOnly))
            {
                using DeviceMachine bare = new(number, fillsMemory: false);
                KernelVerification.RunOnly(bare);
                return 0;
            }

            using DeviceMachine machine = new(number);
            using EmulatedMachine? emulated = Emulation(parsed.GetValue(emulation)!);
            KernelVerdict[] verdicts = KernelVerification.Run(machine, emulated);
            new ReportFolder(parsed.GetValue(folder)!).Write(Parts.Verification, verdicts);
            Print(verdicts, emulated is not null);
            return verdicts.Any(verdict => verdict.Failures.Count > 0) ? 1 : 0;
        });
        return command;
    }

    private static EmulatedMachine? Emulation(string path) => File.Exists(path) ? new EmulatedMachine(Path.GetFullPath(path)) : null;

    private static void Print(KernelVerdict[] verdicts, bool isEmulated)
    {
        if (!isEmulated)
            Console.WriteLine($"The emulation is not there ({EmulatedMachine.FileName}): kernels are compared with the CPU's operators alone.");
        foreach (KernelVerdict verdict in verdicts)
            Console.WriteLine($"{verdict.Kernel}: {verdict.Cases} cases, {verdict.Failures.Count} wrong");
        foreach (string failure in verdicts.SelectMany(verdict => verdict.Failures))
            Console.Error.WriteLine(failure);
    }
}

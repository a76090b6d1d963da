using System.CommandLine;
using YMaskNet.Perf.Gpu.Machines;
using YMaskNet.Perf.Gpu.Reports;
using YMaskNet.Perf.Gpu.Torchvision;

namespace YMaskNet.Perf.Gpu.Commands;

/// <summary><c>torchvision</c>: RoIAlign and suppression beside torchvision's.</summary>
internal static class TorchvisionCommand
{
    private const int Iterations = 50;

    public static Command Create()
    {
        Option<int> device = CheckOptions.Device();
        Option<string> folder = CheckOptions.Out();
        Option<int> rounds = CheckOptions.Rounds();
        Option<string> python = new("--python") { Description = "An interpreter that has PyTorch and torchvision with CUDA.", DefaultValueFactory = _ => "python3" };
        Command command = new("torchvision", "Compares with torchvision's operators on the same GPU.") { device, folder, rounds, python };
        command.SetAction(parsed =>
        {
            int number = GpuGuard.ForKernels(parsed.GetValue(device)).Ordinal;
            using DeviceMachine machine = new(number);
            using TorchvisionTimings timings = new(machine);
            TorchvisionVerdict verdict = timings.Run(parsed.GetValue(python)!, FormattableString.Invariant($"cuda:{number}"), parsed.GetValue(rounds), Iterations);
            new ReportFolder(parsed.GetValue(folder)!).Write(Parts.Torchvision, verdict);
            Console.WriteLine(ReportTables.Create("torchvision", new Findings { Torchvision = verdict }));
            foreach (string failure in verdict.Failures)
                Console.Error.WriteLine(failure);
            return verdict.Failures.Count > 0 ? 1 : 0;
        });
        return command;
    }
}

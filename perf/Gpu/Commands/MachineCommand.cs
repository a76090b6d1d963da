using System.CommandLine;
using YMaskNet.Perf.Gpu.Reports;

namespace YMaskNet.Perf.Gpu.Commands;

/// <summary><c>machine</c>: which GPU, driver and provider there are.</summary>
internal static class MachineCommand
{
    public static Command Create()
    {
        Option<int> device = CheckOptions.Device();
        Option<string> folder = CheckOptions.Out();
        Command command = new("machine", "Says which GPU, driver and provider there are.") { device, folder };
        command.SetAction(parsed =>
        {
            GpuMachine machine = GpuMachine.Of(GpuGuard.ForKernels(parsed.GetValue(device)));
            new ReportFolder(parsed.GetValue(folder)!).Write(Parts.Machine, machine);
            Console.WriteLine(machine.Described());
            if (machine.ProviderObstacle is { } obstacle)
                Console.WriteLine($"The networks can't run there: {obstacle}");
        });
        return command;
    }
}

using System.CommandLine;
using YMaskNet.Inference.Models;
using YMaskNet.Perf.Gpu.Machines;
using YMaskNet.Perf.Gpu.Reports;
using YMaskNet.Perf.Gpu.Timing;

namespace YMaskNet.Perf.Gpu.Commands;

/// <summary><c>kernels</c>: how long kernels take.</summary>
internal static class KernelsCommand
{
    // More than the level 2 cache of any GPU there is.
    private const long FlushBytes = 256 << 20;
    private const int CopyBytes = 256 << 20;

    public static Command Create()
    {
        Option<int> device = CheckOptions.Device();
        Option<string> folder = CheckOptions.Out();
        Option<string> models = CheckOptions.Models();
        Option<int> rounds = CheckOptions.Rounds();
        Option<int[]> batches = CheckOptions.Batches();
        Option<string[]> names = new("--model")
        {
            Description = "Models whose shapes the kernels get.",
            AllowMultipleArgumentsPerToken = true,
            DefaultValueFactory = _ => ["pcb-ymasknet", "tile-unet"],
        };
        Command command = new("kernels", "Times every kernel beside what memory alone would need.") { device, folder, models, rounds, batches, names };
        command.SetAction(parsed =>
        {
            using DeviceMachine machine = new(GpuGuard.ForKernels(parsed.GetValue(device)).Ordinal);
            string[] wanted = parsed.GetValue(names)!;
            ModelManifest[] manifests =
            [
                .. ModelPackage.ReadAll(parsed.GetValue(models)!).Select(package => package.Manifest).Where(manifest => wanted.Contains(manifest.Name)),
            ];
            if (manifests.Length == 0)
                throw new FileNotFoundException($"There is none of the models {string.Join(", ", wanted)} in {parsed.GetValue(models)}.");
            Bandwidths bandwidths = Bandwidths.Measure(machine, parsed.GetValue(rounds), CopyBytes);
            using KernelTimer timer = new(machine, parsed.GetValue(rounds), FlushBytes);
            KernelSpeeds speeds = new(bandwidths, KernelTimings.Run(machine, manifests, parsed.GetValue(batches)!, timer, bandwidths));
            new ReportFolder(parsed.GetValue(folder)!).Write(Parts.Kernels, speeds);
            Console.WriteLine(ReportTables.Create("kernels", new Findings { Kernels = speeds }));
        });
        return command;
    }
}

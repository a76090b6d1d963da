using System.CommandLine;
using YMaskNet.Inference;
using YMaskNet.Inference.Gpu;
using YMaskNet.Perf.Gpu.Reports;
using YMaskNet.Perf.Gpu.WholePath;

namespace YMaskNet.Perf.Gpu.Commands;

/// <summary><c>path</c>: answers, copies and speed of the whole path.</summary>
internal static class PathCommand
{
    private static readonly int[] InHandPerBatch = [1, 2, 4];

    public static Command Create()
    {
        Option<int> device = CheckOptions.Device();
        Option<string> folder = CheckOptions.Out();
        Option<string> models = CheckOptions.Models();
        Option<int[]> batches = CheckOptions.Batches();
        Option<string> images = new("--images") { Description = "Folder of the images.", DefaultValueFactory = _ => "samples" };
        Option<string> model = new("--model") { Description = "The model whose speed is measured.", DefaultValueFactory = _ => "pcb-ymasknet" };
        Option<double> seconds = new("--seconds") { Description = "How long each figure is measured.", DefaultValueFactory = _ => 5 };
        Command command = new("path", "Compares a GPU's answers with the CPU's, counts copies, and measures throughput.")
        {
            device, folder, models, batches, images, model, seconds,
        };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            int number = GpuGuard.ForNetworks(parsed.GetValue(device)).Ordinal;
            PathSetup setup = new(
                parsed.GetValue(models)!, CheckImages.Read(parsed.GetValue(images)!), DeviceChoice.Cuda(number), GpuSupport.OfMachine(usesGraphs: false));
            PathPlan plan = new(
                parsed.GetValue(model)!,
                parsed.GetValue(batches)!,
                InHandPerBatch,
                TimeSpan.FromSeconds(parsed.GetValue(seconds)),
                GpuSupport.OfMachine(usesGraphs: false).Networks.ExecutionProvider);
            PathVerdict verdict = await PathCheck.RunAsync(setup, plan, cancellationToken);
            new ReportFolder(parsed.GetValue(folder)!).Write(Parts.Path, verdict);
            Print(verdict);
            return verdict.AllFailures().Any() ? 1 : 0;
        });
        return command;
    }

    private static void Print(PathVerdict verdict)
    {
        Findings findings = new() { Path = verdict };
        foreach (string table in new[] { "agreement", "copies", "stages", "throughput" })
            Console.WriteLine($"{ReportTables.Create(table, findings)}\n");
        foreach (string failure in verdict.AllFailures())
            Console.Error.WriteLine(failure);
    }
}

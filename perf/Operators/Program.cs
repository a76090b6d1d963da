using System.Globalization;
using BenchmarkDotNet.Running;
using YMaskNet.Inference.Models;
using YMaskNet.Perf.Operators.Torchvision;

namespace YMaskNet.Perf.Operators;

/// <summary>
/// <c>ymasknet-operators torchvision</c> compares with torchvision's operators, <c>allocations MODELS MODEL IMAGE</c> counts what an
/// inspection allocates, <c>sessions PACKAGE fp32|int8 IMAGES file|raw LANES THREADS SECONDS</c> runs decoding and the networks alone;
/// everything else goes to BenchmarkDotNet, for example <c>--filter *RoiAlign*</c>.
/// </summary>
internal static class Program
{
    private static async Task<int> Main(string[] arguments)
    {
        if (arguments is ["torchvision", .. string[] rest])
            return TorchvisionComparison.Run(rest.Length > 0 ? rest[0] : "python3");
        if (arguments is ["allocations", string models, string model, string image])
            return await InspectionAllocations.RunAsync(models, model, image);
        if (arguments is ["sessions", string package, string precision, string folder, string form, string lanes, string threads, string seconds])
        {
            return BareSessions.Run(
                package,
                Enum.Parse<ModelPrecision>(precision, ignoreCase: true),
                folder,
                form == "raw",
                int.Parse(lanes, CultureInfo.InvariantCulture),
                int.Parse(threads, CultureInfo.InvariantCulture),
                double.Parse(seconds, CultureInfo.InvariantCulture));
        }

        BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(arguments);
        return 0;
    }
}

using BenchmarkDotNet.Running;
using YMaskNet.Perf.Operators.Torchvision;

namespace YMaskNet.Perf.Operators;

/// <summary>
/// <c>ymasknet-operators torchvision</c> compares with torchvision's operators, <c>allocations MODELS MODEL IMAGE</c> counts what an
/// inspection allocates; everything else goes to BenchmarkDotNet, for example <c>--filter *RoiAlign*</c>.
/// </summary>
internal static class Program
{
    private static async Task<int> Main(string[] arguments)
    {
        if (arguments is ["torchvision", .. string[] rest])
            return TorchvisionComparison.Run(rest.Length > 0 ? rest[0] : "python3");
        if (arguments is ["allocations", string models, string model, string image])
            return await InspectionAllocations.RunAsync(models, model, image);
        BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(arguments);
        return 0;
    }
}

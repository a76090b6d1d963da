using BenchmarkDotNet.Running;
using YMaskNet.Perf.Operators.Torchvision;

namespace YMaskNet.Perf.Operators;

/// <summary>
/// <c>ymasknet-operators torchvision</c> compares with torchvision's operators; everything else goes to BenchmarkDotNet, for
/// example <c>--filter *RoiAlign*</c>.
/// </summary>
internal static class Program
{
    private static int Main(string[] arguments)
    {
        if (arguments is ["torchvision", .. string[] rest])
            return TorchvisionComparison.Run(rest.Length > 0 ? rest[0] : "python3");
        BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(arguments);
        return 0;
    }
}

using YMaskNet.Perf.Gpu.Machines;

namespace YMaskNet.Perf.Gpu.Verification;

/// <summary>A launch, or some that belong together, on inputs that are the same every time.</summary>
/// <param name="Kernel">The kernel that is looked at.</param>
/// <param name="Name">What is special about the inputs.</param>
/// <param name="Run">Runs it and collects everything that it wrote.</param>
/// <param name="Difference">
/// The first difference from what the CPU's operators give, in words; <see langword="null"/> where there is none.
/// </param>
internal sealed record KernelCase(
    string Kernel, string Name, Action<KernelArrays, KernelOutputs> Run, Func<KernelOutputs, string?> Difference);

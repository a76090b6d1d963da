using YMaskNet.Perf.Gpu.Machines;
using YMaskNet.Perf.Gpu.Verification.Cases;

namespace YMaskNet.Perf.Gpu.Verification;

/// <summary>
/// Runs every kernel on a machine and compares what it writes with the CPU's operators and, where there is one, with a second
/// machine, bit for bit.
/// </summary>
internal static class KernelVerification
{
    /// <summary>The cases of every kernel.</summary>
    public static IEnumerable<KernelCase> AllCases() =>
    [
        .. LetterboxCases.All(), .. DecodeCases.All(), .. SortCases.All(), .. SuppressCases.All(), .. ListCases.All(), .. RoiAlignCases.All(),
        .. RefineCases.All(), .. PlaceCases.All(), .. PasteCases.All(), .. ClassMapCases.All(),
    ];

    /// <summary>Verifies.</summary>
    /// <param name="machine">What is to be verified.</param>
    /// <param name="emulation">The same kernels elsewhere; <see langword="null"/>: there are none.</param>
    public static KernelVerdict[] Run(IKernelMachine machine, IKernelMachine? emulation) =>
    [
        .. AllCases().GroupBy(entry => entry.Kernel).Select(kernel => new KernelVerdict(
            kernel.Key, kernel.Count(), emulation is not null, [.. kernel.SelectMany(entry => Failures(entry, machine, emulation))])),
    ];

    /// <summary>Runs every kernel and looks at nothing: for a sanitizer.</summary>
    public static void RunOnly(IKernelMachine machine)
    {
        foreach (KernelCase entry in AllCases())
            Outputs(entry, machine);
    }

    private static IEnumerable<string> Failures(KernelCase entry, IKernelMachine machine, IKernelMachine? emulation)
    {
        KernelOutputs outputs = Outputs(entry, machine);
        if (entry.Difference(outputs) is { } difference)
            yield return $"{entry.Kernel}, {entry.Name}: not what the CPU's operator gives: {difference}";
        if (emulation is not null && outputs.DifferenceFrom(Outputs(entry, emulation)) is { } otherwise)
            yield return $"{entry.Kernel}, {entry.Name}: not the emulation's bits: {otherwise}";
    }

    private static KernelOutputs Outputs(KernelCase entry, IKernelMachine machine)
    {
        using KernelArrays arrays = new(machine);
        KernelOutputs outputs = new();
        entry.Run(arrays, outputs);
        return outputs;
    }
}

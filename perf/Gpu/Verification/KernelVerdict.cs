namespace YMaskNet.Perf.Gpu.Verification;

/// <summary>What became of a kernel's cases.</summary>
/// <param name="Kernel">Its name.</param>
/// <param name="Cases">How many there are.</param>
/// <param name="IsComparedWithEmulation">Whether its bits were compared with the emulation's.</param>
/// <param name="Failures">What is wrong, one line each.</param>
internal sealed record KernelVerdict(string Kernel, int Cases, bool IsComparedWithEmulation, IReadOnlyList<string> Failures);

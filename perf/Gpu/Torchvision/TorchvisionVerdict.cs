namespace YMaskNet.Perf.Gpu.Torchvision;

/// <summary>How the kernels stand beside torchvision's operators.</summary>
/// <param name="Version">PyTorch's.</param>
/// <param name="Times">Only where the results are the same.</param>
/// <param name="Failures">What differs, one line each.</param>
internal sealed record TorchvisionVerdict(string Version, IReadOnlyList<TorchvisionTime> Times, IReadOnlyList<string> Failures);

/// <summary>Medians of one operator. Unit: microseconds, the host's part included.</summary>
internal sealed record TorchvisionTime(string Operator, double TorchvisionMicroseconds, double OurMicroseconds);

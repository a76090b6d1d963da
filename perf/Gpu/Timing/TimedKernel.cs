namespace YMaskNet.Perf.Gpu.Timing;

/// <summary>A launch of a kernel as the server makes it.</summary>
/// <param name="Name">The kernel, and which of its launches where a model has several.</param>
/// <param name="Bytes">What it must read and write at least; asked for after it has run.</param>
/// <param name="Prepare">Enqueues what makes its inputs what they were.</param>
/// <param name="Launch">Enqueues the launch.</param>
internal sealed record TimedKernel(string Name, Func<long> Bytes, Action Prepare, Action Launch);

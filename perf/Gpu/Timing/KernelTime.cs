namespace YMaskNet.Perf.Gpu.Timing;

/// <summary>How long a kernel takes.</summary>
/// <param name="Kernel">Its name, and which of its launches where a model has several.</param>
/// <param name="Model">The model whose shapes it had.</param>
/// <param name="Batch">Images of the batch.</param>
/// <param name="Microseconds">Median on the device.</param>
/// <param name="Bytes">What it must read and write at least.</param>
/// <param name="FloorMicroseconds">How long the device's memory needs for those bytes, by the measured bandwidth.</param>
internal sealed record KernelTime(string Kernel, string Model, int Batch, double Microseconds, long Bytes, double FloorMicroseconds);

namespace YMaskNet.Inference.Gpu.Devices;

/// <summary>A GPU as its driver describes it.</summary>
/// <param name="Ordinal">The driver's number, from 0.</param>
/// <param name="Name">Its name.</param>
/// <param name="ComputeCapability">What its instructions are.</param>
/// <param name="MemoryBytes">Its memory.</param>
internal sealed record GpuDevice(int Ordinal, string Name, Version ComputeCapability, ulong MemoryBytes)
{
    /// <summary>The oldest device for which the kernels' PTX is compiled.</summary>
    public static readonly Version OldestCapability = new(7, 5);

    public bool IsUsable => ComputeCapability >= OldestCapability;

    public override string ToString() => $"{Name} (device {Ordinal}, compute capability {ComputeCapability})";
}

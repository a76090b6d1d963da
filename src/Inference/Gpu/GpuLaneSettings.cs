using YMaskNet.Inference.Gpu.Networks;

namespace YMaskNet.Inference.Gpu;

/// <summary>How a GPU lane runs.</summary>
/// <param name="Device">The driver's number.</param>
/// <param name="Networks">Where ONNX Runtime runs the networks.</param>
/// <param name="MaxBatch">Most inspections in a batch.</param>
internal sealed record GpuLaneSettings(int Device, INetworkProvider Networks, int MaxBatch)
{
    /// <summary>Default of <see cref="ArenaBytes"/>.</summary>
    public const int UsualArenaBytes = 4 << 20;

    /// <summary>
    /// Memory of a batch's masks to begin with; it grows where a batch needs more, which costs that batch a second pass. Unit:
    /// bytes. Default: 4 MiB, which is 32 million pixels of masks.
    /// </summary>
    public int ArenaBytes { get; init; } = UsualArenaBytes;
}

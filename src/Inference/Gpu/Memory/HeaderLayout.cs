namespace YMaskNet.Inference.Gpu.Memory;

/// <summary>
/// Where a batch's counts lie in one piece of device memory, so that one fill clears what must be 0 and one copy brings all to
/// the host. Unit: bytes.
/// </summary>
/// <param name="slots">Most inspections of a batch.</param>
internal readonly struct HeaderLayout(int slots)
{
    private const int Alignment = 16;

    /// <summary>The arena's state, 16 bytes; 0 before the batch.</summary>
    public static int ArenaState => 0;

    /// <summary>Candidates by slot, int32; 0 before the batch.</summary>
    public static int Candidates => 16;

    /// <summary>How much is cleared.</summary>
    public int ClearedBytes => Candidates + (sizeof(int) * slots);

    /// <summary>Where each slot's regions begin in the list, int32.</summary>
    public int FirstRegions => Aligned(ClearedBytes);

    /// <summary>Regions by slot, int32.</summary>
    public int RegionCounts => Aligned(FirstRegions + (sizeof(int) * slots));

    /// <summary>Regions of the batch, int32.</summary>
    public int Total => Aligned(RegionCounts + (sizeof(int) * slots));

    /// <summary>All of it.</summary>
    public int Bytes => Total + sizeof(int);

    // Kernels take pointers at such multiples.
    private static int Aligned(int offset) => (offset + Alignment - 1) / Alignment * Alignment;
}

using YMaskNet.Inference;

namespace YMaskNet.Server.SharedMemory;

/// <summary>How much memory a lease has.</summary>
/// <param name="SlotBytes">Size of a slot, in whole pages.</param>
/// <param name="SlotCount">Number of slots.</param>
internal readonly record struct LeaseSize(int SlotBytes, int SlotCount)
{
    /// <summary>Most slots of a lease.</summary>
    public const int MaxSlotCount = 1024;

    /// <summary>Largest slot, in whole pages whatever their size up to 4096 bytes: what one span covers.</summary>
    public const long MaxSlotBytes = int.MaxValue - 4095;

    public long TotalBytes => (long)SlotBytes * SlotCount;

    /// <summary>Reads what a caller asks for.</summary>
    /// <exception cref="InspectionException">It is out of range.</exception>
    public static LeaseSize Read(ulong slotBytes, uint slotCount)
    {
        if (slotBytes is 0 or > MaxSlotBytes)
            throw LeaseErrors.SizeOutOfRange($"A slot of {slotBytes} bytes was asked for; it must have 1 to {MaxSlotBytes}.", "opening.slot_bytes");
        if (slotCount is 0 or > MaxSlotCount)
            throw LeaseErrors.SizeOutOfRange($"{slotCount} slots were asked for; there must be 1 to {MaxSlotCount}.", "opening.slot_count");

        long page = Environment.SystemPageSize;
        long rounded = ((long)slotBytes + page - 1) / page * page;
        return rounded <= MaxSlotBytes
            ? new LeaseSize((int)rounded, (int)slotCount)
            : throw LeaseErrors.SizeOutOfRange($"A slot of {slotBytes} bytes, rounded up to pages of {page}, is above {MaxSlotBytes}.", "opening.slot_bytes");
    }
}

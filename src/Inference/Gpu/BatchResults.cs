using YMaskNet.Inference.Batching;
using YMaskNet.Inference.Gpu.Kernels;
using YMaskNet.Inference.Results;

namespace YMaskNet.Inference.Gpu;

/// <summary>From what came down to results that own their memory.</summary>
internal static class BatchResults
{
    /// <summary>The candidates of a slot as they are.</summary>
    public static FoundInstances Detected(ReadOnlySpan<KernelRegion> regions)
    {
        FoundInstances found = new(regions.Length, maskBytes: 0);
        foreach (ref readonly KernelRegion region in regions)
            found.Add(new FoundInstance(region.ClassId, region.Score, region.ImageBox.ToPixelBox(), Mask: null));
        return found;
    }

    /// <summary>A slot's refined instances that are kept, best first.</summary>
    public static FoundInstances Refined(ReadOnlySpan<KernelInstance> instances, ReadOnlySpan<byte> arena)
    {
        // Stack memory for a thousand at most.
        Span<int> kept = stackalloc int[instances.Length];
        int count = 0;
        for (int index = 0; index < instances.Length; index++)
        {
            if (instances[index].IsKept != 0)
                kept[count++] = index;
        }

        kept = kept[..count];
        SortBestFirst(kept, instances);
        FoundInstances found = new(count, MaskBytes(kept, instances));
        foreach (int index in kept)
            Add(found, instances[index], arena);
        return found;
    }

    /// <summary>One instance for each of the caller's regions, in their order.</summary>
    public static FoundInstances Outlined(ReadOnlySpan<KernelInstance> instances, ReadOnlySpan<byte> arena)
    {
        long maskBytes = 0;
        foreach (ref readonly KernelInstance instance in instances)
            maskBytes += BinaryMask.BytesOf(instance.MaskWidth, instance.MaskHeight);
        FoundInstances found = new(instances.Length, maskBytes);
        foreach (ref readonly KernelInstance instance in instances)
            Add(found, instance, arena);
        return found;
    }

    private static void Add(FoundInstances found, in KernelInstance instance, ReadOnlySpan<byte> arena)
    {
        BinaryMask mask = new(instance.MaskX, instance.MaskY, instance.MaskWidth, instance.MaskHeight, found.Masks);
        mask.SetBits(arena.Slice(instance.MaskOffset, BinaryMask.BytesOf(mask.Width, mask.Height)));
        found.Add(new FoundInstance(instance.ClassId, instance.Score, instance.ImageBox.ToPixelBox(), mask));
    }

    private static long MaskBytes(ReadOnlySpan<int> kept, ReadOnlySpan<KernelInstance> instances)
    {
        long bytes = 0;
        foreach (int index in kept)
            bytes += BinaryMask.BytesOf(instances[index].MaskWidth, instances[index].MaskHeight);
        return bytes;
    }

    // By insertion: there are few, nearly in this order, and no two have one anchor.
    private static void SortBestFirst(Span<int> kept, ReadOnlySpan<KernelInstance> instances)
    {
        for (int end = 1; end < kept.Length; end++)
        {
            int index = kept[end];
            int place = end;
            for (; place > 0 && IsBefore(instances[index], instances[kept[place - 1]]); place--)
                kept[place] = kept[place - 1];
            kept[place] = index;
        }
    }

    private static bool IsBefore(in KernelInstance one, in KernelInstance other) =>
        one.Score > other.Score || (one.Score == other.Score && one.AnchorIndex < other.AnchorIndex);
}

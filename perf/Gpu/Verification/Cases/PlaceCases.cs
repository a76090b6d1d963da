using YMaskNet.Inference.Gpu.Kernels;
using YMaskNet.Perf.Gpu.Machines;

namespace YMaskNet.Perf.Gpu.Verification.Cases;

/// <summary>Masks behind each other in the arena, and those counted that have no room.</summary>
internal static class PlaceCases
{
    private const string Kernel = "place_masks";
    private const long LargeArena = 1 << 20;

    public static IEnumerable<KernelCase> All()
    {
        Random random = new(37);
        foreach (int count in new[] { 0, 1, 32, 255, 256, 257, 1000 })
            yield return Create(FormattableString.Invariant($"{count} instances"), RandomInstances(random, count), LargeArena, new KernelRegionChunk(0, count + 5));

        KernelInstance[] many = RandomInstances(random, 600);
        long needed = many.Where(instance => instance.IsKept != 0).Sum(PaddedBytes);
        foreach (long bytes in new[] { 0, 15, 4000, needed - 1, needed })
            yield return Create(FormattableString.Invariant($"an arena of {bytes} of {needed} bytes"), many, bytes, new KernelRegionChunk(0, many.Length));

        // Each takes half a gibibyte, all more than 32 bits count.
        KernelInstance huge = new() { MaskWidth = 65535, MaskHeight = 65535, MaskOffset = -1, IsKept = 1 };
        yield return Create("masks beyond 32 bits", [.. Enumerable.Repeat(huge, 12)], int.MaxValue, new KernelRegionChunk(0, 12));
        yield return Create("two chunks", RandomInstances(random, 70), LargeArena, new KernelRegionChunk(0, 40), new KernelRegionChunk(40, 40));
    }

    private static KernelCase Create(string name, KernelInstance[] instances, long arenaBytes, params KernelRegionChunk[] chunks) => new(
        Kernel,
        name,
        (arrays, outputs) =>
        {
            KernelArray<KernelInstance> placed = arrays.Of<KernelInstance>(instances);
            KernelArray<KernelArenaState> state = arrays.Of<KernelArenaState>(default(KernelArenaState));
            KernelArray<int> count = arrays.Of<int>(instances.Length);
            foreach (KernelRegionChunk chunk in chunks)
                arrays.Find(Kernel, 256).With(count.Address).With(chunk).With(arenaBytes).With(placed.Address).With(state.Address).Run(1);
            outputs.Add("instances", placed.Read());
            outputs.Add("state", state.Read());
        },
        outputs =>
        {
            KernelInstance[] expected = [.. instances];
            long end = 0;
            int missing = 0;
            foreach (ref KernelInstance instance in expected.AsSpan())
            {
                if (instance.IsKept == 0)
                    continue;
                bool fits = end + PaddedBytes(instance) <= arenaBytes;
                instance.MaskOffset = fits ? (int)end : -1;
                missing += fits ? 0 : 1;
                end += PaddedBytes(instance);
            }

            return Differences.Of<KernelArenaState>("state", [new KernelArenaState(end, missing, 0)], outputs.Get<KernelArenaState>("state"))
                ?? Differences.Of<KernelInstance>("instance", expected, outputs.Get<KernelInstance>("instances"));
        });

    private static long PaddedBytes(KernelInstance instance) => (((instance.MaskWidth + 7L) / 8 * instance.MaskHeight) + 15) / 16 * 16;

    private static KernelInstance[] RandomInstances(Random random, int count)
    {
        KernelInstance[] instances = new KernelInstance[count];
        foreach (ref KernelInstance instance in instances.AsSpan())
        {
            instance.MaskWidth = random.Next(1, 41);
            instance.MaskHeight = random.Next(1, 41);
            instance.IsKept = random.Next(5) > 0 ? 1 : 0;
            instance.MaskOffset = -1;
        }

        return instances;
    }
}

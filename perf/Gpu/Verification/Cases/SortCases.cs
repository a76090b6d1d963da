using YMaskNet.Perf.Gpu.Machines;

namespace YMaskNet.Perf.Gpu.Verification.Cases;

/// <summary>Keys of any number, sorted, and no others touched.</summary>
internal static class SortCases
{
    private const string Kernel = "sort_candidates";
    private const int Capacity = 16384;
    private const ulong Stale = 5;

    public static IEnumerable<KernelCase> All()
    {
        int[] sizes = [0, 1, 2, 3, 5, 64, 700, 4095, 4096, 4097, 9000, Capacity];
        return sizes.Select(count => Create(count, Keys(count)));
    }

    private static KernelCase Create(int count, ulong[] keys) => new(
        Kernel,
        FormattableString.Invariant($"{count} keys"),
        (arrays, outputs) =>
        {
            KernelArray<ulong> sorted = arrays.Of<ulong>(keys);
            arrays.Find(Kernel, 1024).With(arrays.Of<int>(count, 3).Address).With(Capacity).With(sorted.Address).Run(2);
            outputs.Add("keys", sorted.Read());
        },
        outputs =>
        {
            ulong[] found = outputs.Get<ulong>("keys");
            ulong[] expected = [.. keys];
            expected.AsSpan(0, count).Sort();
            expected.AsSpan(Capacity, 3).Sort();

            // The kernel may pad the keys up to the next power of two; it is what lies beyond that must stay.
            int untouched = 2 * Math.Max(count, 1);
            return Differences.Of<ulong>("key", expected.AsSpan(0, count), found.AsSpan(0, count))
                ?? Differences.Of<ulong>("key of the second slot", expected.AsSpan(Capacity, 3), found.AsSpan(Capacity, 3))
                ?? (untouched >= Capacity ? null : Differences.Of<ulong>(
                    "key beyond those there are", expected.AsSpan(untouched, Capacity - untouched), found.AsSpan(untouched, Capacity - untouched)));
        });

    /// <summary>Scores that are often equal, so that the anchors' indices decide; behind them keys of the batch before.</summary>
    private static ulong[] Keys(int count)
    {
        Random random = new(9);
        ulong[] keys = new ulong[2 * Capacity];
        keys.AsSpan().Fill(ulong.MaxValue);
        for (int index = 0; index < count; index++)
            keys[index] = ((ulong)(random.Next(301) << 20) << 32) | (uint)index;
        random.Shuffle(keys.AsSpan(0, count));
        keys.AsSpan(count, Capacity - count).Fill(Stale);
        for (int index = 0; index < 3; index++)
            keys[Capacity + index] = (ulong)(3 - index);
        return keys;
    }
}

using YMaskNet.Inference.Gpu.Kernels;
using YMaskNet.Perf.Gpu.Machines;

namespace YMaskNet.Perf.Gpu.Verification.Cases;

/// <summary>The list of the batch's regions: slot after slot, of those tasks that have a second network.</summary>
internal static class ListCases
{
    private const string Kernel = "list_regions";

    public static IEnumerable<KernelCase> All()
    {
        yield return Create(
            "slots of all tasks",
            maxRois: 6,
            (KernelTask.DetectAndSegment, 3),
            (KernelTask.Detect, 5),
            (KernelTask.Segment, 6),
            (KernelTask.NoTask, 2),
            (KernelTask.DetectAndSegment, 0),
            (KernelTask.Segment, 1));
        yield return Create("no regions at all", maxRois: 1000, (KernelTask.Segment, 0), (KernelTask.Segment, 0));
        yield return Create("as many regions as there can be", maxRois: 1000, (KernelTask.Segment, 1000), (KernelTask.Segment, 1000));
    }

    private static KernelCase Create(string name, int maxRois, params (KernelTask Task, int Count)[] slots) => new(
        Kernel,
        name,
        (arrays, outputs) =>
        {
            KernelArray<int> list = arrays.Empty<int>(slots.Length * maxRois);
            KernelArray<int> firsts = arrays.Empty<int>(slots.Length);
            KernelArray<int> total = arrays.Empty<int>(1);
            arrays.Find(Kernel, 256)
                .With(arrays.Of<KernelSlot>([.. slots.Select(slot => CaseSlots.Fitted(slot.Task, 10, 10, 10, 10))]).Address)
                .With(arrays.Of<int>([.. slots.Select(slot => slot.Count)]).Address)
                .With(maxRois).With(list.Address).With(firsts.Address).With(total.Address).Run(slots.Length);
            outputs.Add("list", list.Read());
            outputs.Add("first regions", firsts.Read());
            outputs.Add("total", total.Read());
        },
        outputs =>
        {
            List<int> expected = [];
            List<int> firsts = [];
            for (int slot = 0; slot < slots.Length; slot++)
            {
                firsts.Add(expected.Count);
                if (slots[slot].Task is KernelTask.DetectAndSegment or KernelTask.Segment)
                    expected.AddRange(Enumerable.Range(slot * maxRois, slots[slot].Count));
            }

            int count = expected.Count;
            expected.AddRange(Enumerable.Repeat(-1, (slots.Length * maxRois) - count));
            return Differences.Of<int>("total", [count], outputs.Get<int>("total"))
                ?? Differences.Of<int>("first region", firsts.ToArray(), outputs.Get<int>("first regions"))
                ?? Differences.Of<int>("place", expected.ToArray(), outputs.Get<int>("list"));
        });
}

using Google.Protobuf;
using YMaskNet.V1;

namespace YMaskNet.Perf.Load;

/// <summary>What an answer's message takes in managed memory: its objects, as a copy shows, and the texts of its masks.</summary>
internal static class AnswerMemory
{
    private const int StringOverhead = 22;

    public static long BytesOf<T>(T answer, IReadOnlyList<Defect> defects)
        where T : IDeepCloneable<T>
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        answer.Clone();
        long objects = GC.GetAllocatedBytesForCurrentThread() - before;
        return objects + defects.Sum(defect => TextBytes(defect.Mask?.CocoRle?.Counts));
    }

    private static long TextBytes(string? text) => text is null ? 0 : StringOverhead + (sizeof(char) * text.Length);
}

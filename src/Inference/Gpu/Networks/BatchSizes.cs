namespace YMaskNet.Inference.Gpu.Networks;

/// <summary>
/// The numbers of items that a network runs on: the powers of two and the largest. A network is tuned for each number that it
/// runs on, so that there are few; the items above those needed are computed and not looked at.
/// </summary>
internal static class BatchSizes
{
    /// <summary>All sizes up to a largest, ascending.</summary>
    public static int[] UpTo(int largest)
    {
        List<int> sizes = [];
        for (int size = 1; size < largest; size *= 2)
            sizes.Add(size);
        return [.. sizes, largest];
    }

    /// <summary>Index of the smallest size that holds a count.</summary>
    public static int IndexFor(int count, int[] sizes)
    {
        int index = 0;
        while (sizes[index] < count)
            index++;
        return index;
    }
}

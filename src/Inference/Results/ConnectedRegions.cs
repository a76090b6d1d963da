namespace YMaskNet.Inference.Results;

/// <summary>Finds the connected parts (8-neighbourhood) of each class of a class map.</summary>
internal static class ConnectedRegions
{
    /// <summary>Labels a class map.</summary>
    /// <param name="classMap">[height, width], the class id of each pixel.</param>
    /// <param name="width">Unit: pixels. Range: >= 1.</param>
    /// <param name="height">Unit: pixels. Range: >= 1.</param>
    /// <param name="backgroundClass">The class that has no regions.</param>
    /// <returns>By class id, then by area, largest first, then by the top-most, left-most pixel.</returns>
    public static IReadOnlyList<ConnectedRegion> Find(ReadOnlySpan<byte> classMap, int width, int height, int backgroundClass)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(classMap.Length, (long)width * height, nameof(classMap));
        RegionLabeller labeller = new(backgroundClass);
        for (int y = 0; y < height; y++)
            labeller.AddRow(classMap.Slice(y * width, width));
        return [.. labeller.Finish().Select(region => region.ToConnectedRegion())];
    }
}

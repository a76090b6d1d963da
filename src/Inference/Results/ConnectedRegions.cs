namespace YMaskNet.Inference.Results;

/// <summary>
/// Finds the connected parts (8-neighbourhood) of each class of a class map: runs of equal pixels in each row, joined with
/// those that they touch in the row above.
/// </summary>
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
        List<Run> runs = FindRuns(classMap, width, height, backgroundClass);
        int[] component = Join(runs);
        return Collect(runs, component);
    }

    private static List<Run> FindRuns(ReadOnlySpan<byte> classMap, int width, int height, int backgroundClass)
    {
        List<Run> runs = [];
        for (int y = 0; y < height; y++)
        {
            ReadOnlySpan<byte> row = classMap.Slice(y * width, width);
            for (int x = 0; x < width;)
            {
                byte classId = row[x];
                int length = row[x..].IndexOfAnyExcept(classId);
                int end = length < 0 ? width : x + length;
                if (classId != backgroundClass)
                    runs.Add(new Run(y, x, end, classId));
                x = end;
            }
        }

        return runs;
    }

    /// <summary>For each run the first run of its component.</summary>
    private static int[] Join(List<Run> runs)
    {
        int[] parent = new int[runs.Count];
        int above = 0;
        for (int i = 0; i < runs.Count; i++)
        {
            parent[i] = i;
            Run run = runs[i];
            while (above < i && (runs[above].Row < run.Row - 1 || (runs[above].Row == run.Row - 1 && runs[above].End < run.Start)))
                above++;

            // Touching by a corner is enough. The last run that touches may touch the next run of this row too.
            for (int j = above; j < i && runs[j].Row == run.Row - 1 && runs[j].Start <= run.End; j++)
            {
                if (runs[j].ClassId == run.ClassId)
                    Unite(parent, i, j);
            }
        }

        for (int i = 0; i < parent.Length; i++)
            parent[i] = parent[parent[i]];
        return parent;
    }

    private static void Unite(int[] parent, int a, int b)
    {
        a = Root(parent, a);
        b = Root(parent, b);
        parent[Math.Max(a, b)] = Math.Min(a, b);
    }

    private static int Root(int[] parent, int i)
    {
        while (parent[i] != i)
        {
            parent[i] = parent[parent[i]];
            i = parent[i];
        }

        return i;
    }

    private static List<ConnectedRegion> Collect(List<Run> runs, int[] component)
    {
        var statistics = new Dictionary<int, Statistics>();
        for (int i = 0; i < runs.Count; i++)
        {
            if (!statistics.TryGetValue(component[i], out Statistics? region))
                statistics.Add(component[i], region = new Statistics(runs[i].ClassId, component[i]));
            region.Add(runs[i]);
        }

        foreach (Statistics region in statistics.Values)
            region.Mask = new BinaryMask(region.Left, region.Top, region.Right - region.Left, region.Bottom - region.Top);
        for (int i = 0; i < runs.Count; i++)
        {
            BinaryMask mask = statistics[component[i]].Mask!;
            mask.AddRun(runs[i].Row - mask.Y, runs[i].Start - mask.X, runs[i].End - mask.X);
        }

        return
        [
            .. statistics.Values
                .OrderBy(region => region.ClassId)
                .ThenByDescending(region => region.Area)
                .ThenBy(region => region.FirstRun)
                .Select(region => region.ToRegion()),
        ];
    }

    /// <summary>Adjacent pixels of one class in one row.</summary>
    private readonly record struct Run(int Row, int Start, int End, byte ClassId);

    /// <summary>What is known of a component so far.</summary>
    private sealed class Statistics(int classId, int firstRun)
    {
        private double _sumX;
        private double _sumY;

        public int ClassId { get; } = classId;

        public int FirstRun { get; } = firstRun;

        public long Area { get; private set; }

        public int Left { get; private set; } = int.MaxValue;

        public int Top { get; private set; } = int.MaxValue;

        public int Right { get; private set; }

        public int Bottom { get; private set; }

        public BinaryMask? Mask { get; set; }

        public void Add(in Run run)
        {
            int length = run.End - run.Start;
            Area += length;
            // Centres start + 0.5 to end - 0.5: their mean is halfway between the run's ends.
            _sumX += length * ((run.Start + run.End) / 2.0);
            _sumY += length * (run.Row + 0.5);
            Left = Math.Min(Left, run.Start);
            Top = Math.Min(Top, run.Row);
            Right = Math.Max(Right, run.End);
            Bottom = Math.Max(Bottom, run.Row + 1);
        }

        public ConnectedRegion ToRegion() => new(ClassId, Area, _sumX / Area, _sumY / Area, Mask!);
    }
}

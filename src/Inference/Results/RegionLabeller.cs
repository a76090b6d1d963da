namespace YMaskNet.Inference.Results;

/// <summary>
/// Labels the connected parts (8-neighbourhood) of each class of a class map that comes row by row: runs of equal pixels in
/// each row, joined with those that they touch in the row above. It keeps the runs, not the rows.
/// </summary>
/// <param name="backgroundClass">The class that has no regions.</param>
internal sealed class RegionLabeller(int backgroundClass)
{
    private readonly List<Run> _runs = [];
    private readonly List<int> _parent = [];
    private int _aboveStart;
    private int _rows;

    /// <summary>Runs so far, background left out.</summary>
    public int RunCount => _runs.Count;

    /// <summary>Regions so far; counted at each call.</summary>
    public int CountRegions()
    {
        int count = 0;
        for (int i = 0; i < _parent.Count; i++)
            count += _parent[i] == i ? 1 : 0;
        return count;
    }

    /// <summary>Takes the next row.</summary>
    public void AddRow(ReadOnlySpan<byte> classes)
    {
        int start = _runs.Count;
        for (int x = 0; x < classes.Length;)
        {
            byte classId = classes[x];
            int length = classes[x..].IndexOfAnyExcept(classId);
            int end = length < 0 ? classes.Length : x + length;
            if (classId != backgroundClass)
            {
                _parent.Add(_runs.Count);
                _runs.Add(new Run(_rows, x, end, classId));
            }

            x = end;
        }

        Join(_aboveStart, start);
        _aboveStart = start;
        _rows++;
    }

    /// <summary>All regions: by class id, then by area, largest first, then by the top-most, left-most pixel.</summary>
    public IReadOnlyList<LabelledRegion> Finish()
    {
        Dictionary<int, LabelledRegion> regions = [];
        for (int i = 0; i < _runs.Count; i++)
        {
            int root = Root(i);
            if (!regions.TryGetValue(root, out LabelledRegion? region))
                regions.Add(root, region = new LabelledRegion(_runs[root].ClassId, root));
            region.Add(_runs[i]);
        }

        return
        [
            .. regions.Values
                .OrderBy(region => region.ClassId)
                .ThenByDescending(region => region.Area)
                .ThenBy(region => region.FirstRun),
        ];
    }

    private void Join(int above, int start)
    {
        for (int i = start; i < _runs.Count; i++)
        {
            Run run = _runs[i];
            while (above < start && _runs[above].End < run.Start)
                above++;

            // Touching by a corner is enough. The last run that touches may touch the next run of this row too.
            for (int j = above; j < start && _runs[j].Start <= run.End; j++)
            {
                if (_runs[j].ClassId == run.ClassId)
                    Unite(i, j);
            }
        }
    }

    private void Unite(int a, int b)
    {
        a = Root(a);
        b = Root(b);
        _parent[Math.Max(a, b)] = Math.Min(a, b);
    }

    private int Root(int i)
    {
        while (_parent[i] != i)
        {
            _parent[i] = _parent[_parent[i]];
            i = _parent[i];
        }

        return i;
    }

    /// <summary>Adjacent pixels of one class in one row.</summary>
    internal readonly record struct Run(int Row, int Start, int End, byte ClassId);
}

namespace YMaskNet.Inference.Boards;

/// <summary>Union-find over numbers from 0 on.</summary>
internal sealed class DisjointSets
{
    private readonly int[] _parent;

    public DisjointSets(int count) => _parent = [.. Enumerable.Range(0, count)];

    public void Unite(int a, int b)
    {
        a = Root(a);
        b = Root(b);
        _parent[Math.Max(a, b)] = Math.Min(a, b);
    }

    /// <summary>The sets, each in ascending order, by their smallest numbers.</summary>
    public IEnumerable<IReadOnlyList<int>> Groups() =>
        Enumerable.Range(0, _parent.Length).GroupBy(Root).Select(group => (IReadOnlyList<int>)[.. group]);

    private int Root(int i)
    {
        while (_parent[i] != i)
        {
            _parent[i] = _parent[_parent[i]];
            i = _parent[i];
        }

        return i;
    }
}

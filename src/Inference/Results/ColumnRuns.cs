using System.Buffers;
using System.Numerics;

namespace YMaskNet.Inference.Results;

/// <summary>
/// The runs of a mask's pixels along its columns, found from the row-major bits without looking at single pixels: a run
/// starts or ends where a row differs from the row above it. They lie in pooled arrays, which disposing gives back: once.
/// </summary>
internal readonly struct ColumnRuns : IDisposable
{
    private readonly int[] _columnStart;
    private readonly int[] _edges;

    private ColumnRuns(int[] columnStart, int[] edges)
    {
        _columnStart = columnStart;
        _edges = edges;
    }

    /// <summary>Finds the runs of a mask.</summary>
    public static ColumnRuns Of(BinaryMask mask)
    {
        // Counting sort by column: edges of a column in the order of their rows.
        int[] columnStart = ArrayPool<int>.Shared.Rent(mask.Width + 1);
        columnStart.AsSpan(0, mask.Width + 1).Clear();
        foreach ((int column, _) in new EdgeScan(mask))
            columnStart[column + 1]++;
        for (int column = 0; column < mask.Width; column++)
            columnStart[column + 1] += columnStart[column];

        int[] edges = ArrayPool<int>.Shared.Rent(columnStart[mask.Width]);
        int[] next = ArrayPool<int>.Shared.Rent(mask.Width);
        columnStart.AsSpan(0, mask.Width).CopyTo(next);
        foreach ((int column, int row) in new EdgeScan(mask))
            edges[next[column]++] = row;
        ArrayPool<int>.Shared.Return(next);
        return new ColumnRuns(columnStart, edges);
    }

    /// <summary>Rows of a column at which the mask starts and ends, by turns, from the rectangle's top.</summary>
    public ReadOnlySpan<int> Edges(int column) => _edges.AsSpan(_columnStart[column].._columnStart[column + 1]);

    public void Dispose()
    {
        ArrayPool<int>.Shared.Return(_columnStart);
        ArrayPool<int>.Shared.Return(_edges);
    }

    /// <summary>Goes through all edges, row by row.</summary>
    private ref struct EdgeScan(BinaryMask mask)
    {
        private int _row;
        private int _byte = -1;
        private uint _bits;

        public (int Column, int Row) Current { get; private set; }

        public readonly EdgeScan GetEnumerator() => this;

        public bool MoveNext()
        {
            while (_bits == 0)
            {
                if (++_byte == mask.RowBytes)
                {
                    _byte = 0;
                    _row++;
                }

                if (_row > mask.Height || mask.RowBytes == 0)
                    return false;
                int above = _row == 0 ? 0 : mask.Bits[((_row - 1) * mask.RowBytes) + _byte];
                int here = _row == mask.Height ? 0 : mask.Bits[(_row * mask.RowBytes) + _byte];
                _bits = (uint)(above ^ here) << 24;
            }

            int bit = BitOperations.LeadingZeroCount(_bits);
            _bits &= ~(0x80000000 >> bit);
            Current = ((_byte * 8) + bit, _row);
            return true;
        }
    }
}

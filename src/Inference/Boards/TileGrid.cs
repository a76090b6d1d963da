using YMaskNet.Inference.Detection;

namespace YMaskNet.Inference.Boards;

/// <summary>The tiles of a board, row by row.</summary>
internal sealed class TileGrid
{
    /// <param name="columns">Along the width.</param>
    /// <param name="rows">Along the height.</param>
    /// <param name="overlap">As asked for. Unit: pixels.</param>
    public TileGrid(TileAxis columns, TileAxis rows, int overlap)
    {
        Columns = columns;
        Rows = rows;
        Overlap = Count == 1 ? 0 : overlap;
    }

    public TileAxis Columns { get; }

    public TileAxis Rows { get; }

    /// <summary>Unit: pixels; 0 where there is one tile.</summary>
    public int Overlap { get; }

    /// <summary>Number of tiles.</summary>
    public int Count => Columns.Count * Rows.Count;

    /// <summary>What a tile covers of the board.</summary>
    public CornerBox Area(int column, int row) =>
        new(Columns.Start(column), Rows.Start(row), Columns.End(column), Rows.End(row));

    /// <summary>What a tile shows whole of the board: see <see cref="TileAxis.Interior"/>.</summary>
    public CornerBox Interior(int column, int row, float margin)
    {
        (float left, float right) = Columns.Interior(column, margin);
        (float top, float bottom) = Rows.Interior(row, margin);
        return new CornerBox(left, top, right, bottom);
    }

    public BoardTiling Describe() => new(Count, Columns.Length, Rows.Length, Overlap);
}

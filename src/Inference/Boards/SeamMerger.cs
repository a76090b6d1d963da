using YMaskNet.Inference.Detection;
using YMaskNet.Inference.Results;

namespace YMaskNet.Inference.Boards;

/// <summary>
/// Takes the findings of tiles, row of tiles by row of tiles, and gives the defects of the board as soon as no later tile can
/// have anything to say about them; so it holds little more than the findings of the last row.
/// </summary>
internal sealed class SeamMerger(TileGrid grid)
{
    private List<TileDefect> _open = [];

    /// <summary>Bytes of masks that are held.</summary>
    public long MaskBytes { get; private set; }

    /// <summary>Takes a row of tiles.</summary>
    /// <param name="row">Its number; rows come in their order.</param>
    /// <param name="tiles">What each tile of the row found, in tile pixels, best first.</param>
    /// <returns>Defects that are settled.</returns>
    public List<MergedDefect> AddRow(int row, IReadOnlyList<IReadOnlyList<Defect>> tiles)
    {
        for (int column = 0; column < tiles.Count; column++)
        {
            for (int rank = 0; rank < tiles[column].Count; rank++)
                _open.Add(Place(tiles[column][rank], column, row, rank));
        }

        // Later tiles start no higher than this, and what they find lies in them.
        return Settle(row + 1 == grid.Rows.Count ? float.PositiveInfinity : grid.Rows.Start(row + 1));
    }

    /// <summary>A finding in board pixels.</summary>
    private TileDefect Place(Defect defect, int column, int row, int rank)
    {
        CornerBox area = grid.Area(column, row);
        PixelBox box = new(defect.Box.X + area.X1, defect.Box.Y + area.Y1, defect.Box.Width, defect.Box.Height);
        float centreX = box.X + (box.Width / 2f);
        float centreY = box.Y + (box.Height / 2f);
        return new TileDefect
        {
            Tile = (row * grid.Columns.Count) + column,
            Rank = rank,
            TileArea = area,
            TileInterior = grid.Interior(column, row, SeamRules.BorderPixels),
            IsOwned = centreX >= grid.Columns.CoreStart(column)
                && centreX <= grid.Columns.CoreEnd(column)
                && centreY >= grid.Rows.CoreStart(row)
                && centreY <= grid.Rows.CoreEnd(row),
            ClassId = defect.ClassId,
            Score = defect.Score,
            Box = box,
            Mask = (defect.Mask as BitMask)?.Pixels.MovedBy(grid.Columns.Start(column), grid.Rows.Start(row)),
        };
    }

    /// <summary>Gives the groups of findings that end above a row of pixels and keeps the others.</summary>
    private List<MergedDefect> Settle(float bottom)
    {
        List<MergedDefect> settled = [];
        List<TileDefect> open = [];
        foreach (IReadOnlyList<int> indices in Groups().Groups())
        {
            List<TileDefect> group = [.. indices.Select(index => _open[index])];
            if (group.TrueForAll(defect => defect.Extent.Y2 < bottom))
                settled.AddRange(SeamRules.Settle(group));
            else
                open.AddRange(group);
        }

        _open = [.. open.OrderBy(defect => defect.Tile).ThenBy(defect => defect.Rank)];
        MaskBytes = _open.Sum(defect => defect.Mask?.Bits.Length ?? 0L);
        return settled;
    }

    /// <summary>Groups of findings of different tiles that meet: no rule compares others.</summary>
    private DisjointSets Groups()
    {
        DisjointSets sets = new(_open.Count);
        CornerBox[] extents = [.. _open.Select(defect => defect.Extent)];
        int[] byLeft = [.. Enumerable.Range(0, extents.Length).OrderBy(index => extents[index].X1)];
        List<int> near = [];
        foreach (int index in byLeft)
        {
            near.RemoveAll(other => extents[other].X2 < extents[index].X1);
            foreach (int other in near)
            {
                if (_open[other].Tile != _open[index].Tile && SharedView.Meet(extents[other], extents[index]))
                    sets.Unite(other, index);
            }

            near.Add(index);
        }

        return sets;
    }
}

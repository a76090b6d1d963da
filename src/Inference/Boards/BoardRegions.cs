using YMaskNet.Inference.Models;
using YMaskNet.Inference.Results;

namespace YMaskNet.Inference.Boards;

/// <summary>
/// The connected regions of a board's class map. Of the map itself only the rows of one row of tiles are held, one byte a
/// pixel; of the board, the runs of its regions.
/// </summary>
internal sealed class BoardRegions : IBoardFindings
{
    private readonly ModelManifest _manifest;
    private readonly TileGrid _grid;
    private readonly MaskFormat _format;
    private readonly RegionLabeller _labeller;
    private readonly byte[] _band;

    public BoardRegions(ModelManifest manifest, TileGrid grid, MaskFormat format)
    {
        _manifest = manifest;
        _grid = grid;
        _format = format;
        _labeller = new RegionLabeller(manifest.Semantic!.BackgroundClass);
        _band = new byte[grid.Columns.Extent];
    }

    public void AddRow(int row, IReadOnlyList<InspectionResult> tiles)
    {
        for (int y = _grid.Rows.CoreStart(row); y < _grid.Rows.CoreEnd(row); y++)
        {
            for (int column = 0; column < tiles.Count; column++)
                CopyCore(tiles[column], column, y - _grid.Rows.Start(row));
            _labeller.AddRow(_band);
            if (_labeller.RunCount > BoardLimits.MaxRuns)
                throw BoardLimits.TooComplex($"the rows of its class map have more than {BoardLimits.MaxRuns} runs");
        }
    }

    public (IReadOnlyList<Defect> Defects, IReadOnlyList<Region> Regions) Finish()
    {
        int regions = _labeller.CountRegions();
        return regions <= BoardLimits.MaxRegions
            ? ([], [.. _labeller.Finish().Where(region => region.Area >= (_manifest.Semantic!.MinRegionArea ?? 1)).Select(ToRegion)])
            : throw BoardLimits.TooComplex($"it has {regions} regions, at most {BoardLimits.MaxRegions} are answered");
    }

    private void CopyCore(InspectionResult tile, int column, int tileRow)
    {
        byte[] classes = tile.Classes ?? throw new InvalidOperationException("A tile came back without its class map.");
        int start = _grid.Columns.CoreStart(column);
        int end = _grid.Columns.CoreEnd(column);
        classes.AsSpan((tileRow * tile.ImageWidth) + start - _grid.Columns.Start(column), end - start).CopyTo(_band.AsSpan(start));
    }

    private Region ToRegion(LabelledRegion region) => new(
        region.ClassId,
        _manifest.Classes[region.ClassId],
        region.Area,
        region.Box,
        region.CentroidX,
        region.CentroidY,
        MaskEncoder.Encode(region.ToMasks(_grid.Rows.Length), _grid.Columns.Extent, _grid.Rows.Extent, _format));
}

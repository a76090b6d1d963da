using YMaskNet.Inference.Models;
using YMaskNet.Inference.Results;

namespace YMaskNet.Inference.Boards;

/// <summary>The defects of a board: merged at the seams, the best kept, their masks encoded at the end, one at a time.</summary>
internal sealed class BoardDefects(ModelManifest manifest, TileGrid grid, int maxDefects, MaskFormat format) : IBoardFindings
{
    private readonly SeamMerger _merger = new(grid);
    private readonly List<MergedDefect> _best = [];

    public void AddRow(int row, IReadOnlyList<InspectionResult> tiles)
    {
        _best.AddRange(_merger.AddRow(row, [.. tiles.Select(tile => tile.Defects)]));
        _best.Sort(MergedDefect.Compare);
        if (_best.Count > maxDefects)
            _best.RemoveRange(maxDefects, _best.Count - maxDefects);

        long maskBytes = _merger.MaskBytes + _best.Sum(defect => defect.MaskBytes);
        if (maskBytes > BoardLimits.MaxMaskBytes)
            throw BoardLimits.TooComplex($"the masks of its defects have {maskBytes} bytes, at most {BoardLimits.MaxMaskBytes} are held");
    }

    public (IReadOnlyList<Defect> Defects, IReadOnlyList<Region> Regions) Finish() => ([.. _best.Select(ToDefect)], []);

    private Defect ToDefect(MergedDefect defect) => new(
        defect.ClassId,
        manifest.Classes[defect.ClassId],
        defect.Score,
        defect.Box,
        defect.Masks.Count == 0 ? null : MaskEncoder.Encode(defect.Masks, grid.Columns.Extent, grid.Rows.Extent, format));
}

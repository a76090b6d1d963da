using YMaskNet.Inference.Results;

namespace YMaskNet.Inference.Boards;

/// <summary>Puts together what the tiles of a board found.</summary>
internal interface IBoardFindings
{
    /// <summary>Takes a row of tiles; rows come in their order.</summary>
    /// <exception cref="InspectionException">There is more on the board than can be answered.</exception>
    void AddRow(int row, IReadOnlyList<InspectionResult> tiles);

    /// <summary>What was found on the whole board.</summary>
    /// <exception cref="InspectionException">There is more on the board than can be answered.</exception>
    (IReadOnlyList<Defect> Defects, IReadOnlyList<Region> Regions) Finish();
}

using YMaskNet.Inference;
using YMaskNet.Inference.Boards;
using YMaskNet.Server.Errors;
using YMaskNet.Server.Mapping;
using Wire = YMaskNet.V1;

namespace YMaskNet.Server.WholeBoards;

/// <summary>Reads openings.</summary>
internal static class BoardSettings
{
    /// <summary>What to do with the board.</summary>
    /// <exception cref="InspectionException">The opening is refused; fields are named from the opening on.</exception>
    public static BoardRequest Read(Wire.BoardOpening opening, int tilesInFlight)
    {
        InspectionTask task = RequestMapping.ToTask(opening.Task);
        if (task == InspectionTask.Segment && opening.Options is not null)
        {
            throw new InspectionException(
                InspectionErrorKind.InvalidArgument,
                ErrorReasons.OptionsNotSupported,
                "Detection options must not be set for TASK_SEGMENT, which detects nothing.",
                "options");
        }

        return new BoardRequest(task)
        {
            Filter = RequestMapping.ToFilter(opening.Options),
            MaskFormat = RequestMapping.ToMaskFormat(opening.MaskFormat),
            // No tile has anywhere near 2^31 pixels a side, so a saturated number is refused like the true one.
            Overlap = opening.HasOverlap ? int.CreateSaturating(opening.Overlap) : null,
            TilesInFlight = tilesInFlight,
        };
    }
}

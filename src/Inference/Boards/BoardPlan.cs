using YMaskNet.Inference.Batching;
using YMaskNet.Inference.Frames;
using YMaskNet.Inference.Models;

namespace YMaskNet.Inference.Boards;

/// <summary>A board's request, checked against the model: what each tile is asked, and how the board is cut.</summary>
/// <param name="Manifest">The model.</param>
/// <param name="TileRequest">What each tile is asked; its image is replaced.</param>
/// <param name="MaxDefects">Of the whole board.</param>
/// <param name="Overlap">Shared by neighbouring tiles. Unit: pixels.</param>
/// <param name="Alignment">Divides the tiles' starts.</param>
internal sealed record BoardPlan(ModelManifest Manifest, InspectionRequest TileRequest, int MaxDefects, int Overlap, int Alignment)
{
    private static readonly SampleImage NoImage = new(ReadOnlyMemory<byte>.Empty, 0, 0, 1, 8, byte.MaxValue);

    /// <exception cref="InspectionException">The model can't do it, or a value is out of range.</exception>
    public static BoardPlan Create(ModelManifest manifest, BoardRequest request)
    {
        CheckTask(manifest, request.Task);
        ResultBuilder.CheckFormat(request.MaskFormat);
        int maxDefects = request.Filter.MaxDefects ?? BoardLimits.DefaultMaxDefects;
        if (maxDefects is < 1 or > BoardLimits.MaxDefects)
        {
            throw new InspectionException(
                InspectionErrorKind.InvalidArgument,
                "MAX_DEFECTS_OUT_OF_RANGE",
                $"options.max_defects is {maxDefects}; for a board it must be in [1, {BoardLimits.MaxDefects}].",
                "options.max_defects");
        }

        // The rest of the filters is a tile's, and checked as such.
        DetectionFilter tileFilter = request.Filter with { MaxDefects = TileMaxDefects(manifest, request.Filter.MaxDefects) };
        InspectionPlan.Create(manifest, request.Task, tileFilter);
        InspectionRequest tile = new(NoImage, request.Task)
        {
            Filter = tileFilter,
            MaskFormat = request.MaskFormat,
            WhenQueueIsFull = QueuePolicy.Wait,
            KeepsPixels = true,
        };
        return manifest.Semantic is { } semantic
            ? new BoardPlan(manifest, tile, maxDefects, SemanticOverlap(semantic, request.Overlap), semantic.Stride ?? 1)
            : new BoardPlan(manifest, tile, maxDefects, DetectionOverlap(manifest, request.Overlap), Alignment: 1);
    }

    /// <summary>How a board of a size is cut.</summary>
    /// <exception cref="InspectionException">The model is semantic, the board larger than its input, and how far its network looks is not known.</exception>
    public TileGrid Cut(int width, int height)
    {
        InputDescription input = Manifest.Input;
        if (Manifest.Semantic is { HaloPixels: null } && (width > input.Width || height > input.Height))
        {
            throw new InspectionException(
                InspectionErrorKind.FailedPrecondition,
                "TILING_NOT_SUPPORTED",
                $"The board is {width} x {height} pixels; the model {Manifest.Reference} takes boards up to its input's {input.Width} x"
                + $" {input.Height}, since its manifest does not say how far its network looks (semantic.haloPixels).",
                "model");
        }

        return new TileGrid(
            new TileAxis(width, input.Width, Overlap, Alignment), new TileAxis(height, input.Height, Overlap, Alignment), Overlap);
    }

    private static void CheckTask(ModelManifest manifest, InspectionTask task)
    {
        if (task == InspectionTask.Segment && manifest.Semantic is null)
        {
            throw new InspectionException(
                InspectionErrorKind.FailedPrecondition,
                "TASK_NOT_SUPPORTED",
                $"Boards take no boxes to outline: with the model {manifest.Reference}, detect, or detect and segment.",
                "task");
        }
    }

    private static int? TileMaxDefects(ModelManifest manifest, int? asked) => manifest.Detection is { } detection
        ? Math.Clamp(asked ?? 0, detection.DefaultMaxDefects, detection.MaxRois)
        : null;

    private static int SemanticOverlap(SemanticDescription semantic, int? asked) => asked is null
        ? 2 * semantic.HaloPixels.GetValueOrDefault()
        : throw OverlapRefused($"An overlap of {asked} is asked for; with a semantic model it follows from the manifest.");

    private static int DetectionOverlap(ModelManifest manifest, int? asked)
    {
        int side = Math.Min(manifest.Input.Width, manifest.Input.Height);
        int least = manifest.Detection!.BoardOverlap(manifest.Input);
        int overlap = asked ?? least;
        return overlap >= least && overlap <= (side - 1) / 2
            ? overlap
            : throw OverlapRefused($"The overlap is {overlap}; it must be from {least}, the model's own, to {(side - 1) / 2}, less than half a tile.");
    }

    private static InspectionException OverlapRefused(string message) =>
        new(InspectionErrorKind.InvalidArgument, "OVERLAP_OUT_OF_RANGE", message, "overlap");
}

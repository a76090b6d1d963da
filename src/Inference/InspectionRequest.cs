using YMaskNet.Inference.Frames;
using YMaskNet.Inference.Results;

namespace YMaskNet.Inference;

/// <summary>One image and what to do with it.</summary>
/// <param name="Image">The image.</param>
/// <param name="Task">The task; the model must offer it.</param>
public sealed record InspectionRequest(ImageSource Image, InspectionTask Task)
{
    /// <summary>Filters on detections; not used by <see cref="InspectionTask.Segment"/>.</summary>
    public DetectionFilter Filter { get; init; } = DetectionFilter.ModelDefaults;

    /// <summary>For <see cref="InspectionTask.Segment"/> with an instance model: the boxes to outline, 1 to the model's maximal RoI count.</summary>
    public IReadOnlyList<RegionOfInterest> RegionsOfInterest { get; init; } = [];

    /// <summary>How masks are written.</summary>
    public MaskFormat MaskFormat { get; init; } = MaskFormat.CocoRle;

    /// <summary>Semantic models: whether to return the class map.</summary>
    public bool IncludeClassMap { get; init; }

    /// <summary>
    /// Semantic models: smaller regions are background. Unit: pixels of the image. Range: >= 1. Default: the model's.
    /// </summary>
    public long? MinRegionArea { get; init; }

    /// <summary>What happens when the model's queue is full.</summary>
    public QueuePolicy WhenQueueIsFull { get; init; } = QueuePolicy.Refuse;

    /// <summary>Whose inspection it is: flows take turns. Default: one that all requests without share.</summary>
    public InspectionFlow Flow { get; init; } = SharedFlow;

    /// <summary>Who comes first when inspections wait.</summary>
    public InspectionPriority Priority { get; init; } = InspectionPriority.Normal;

    /// <summary>When nobody needs the result any more: an inspection that has not begun by then ends with <c>DEADLINE_PASSED</c>.</summary>
    public InspectionDeadline? Deadline { get; init; }

    private static InspectionFlow SharedFlow { get; } = new();

    /// <summary>
    /// For the tiles of a board: masks stay bits (<see cref="BitMask"/>), and a semantic model's class map is returned as it is,
    /// without its regions.
    /// </summary>
    internal bool KeepsPixels { get; init; }
}

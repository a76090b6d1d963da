using YMaskNet.Client.Tool.Commands;
using YMaskNet.V1;
using WireTask = YMaskNet.V1.Task;

namespace YMaskNet.Client.Tool.Inspection;

/// <summary>What is done with every image of a run.</summary>
/// <param name="Task">The task; one that the model can do.</param>
/// <param name="Options">Filters, and the model by name and version, so that a whole run has one model.</param>
/// <param name="Rois">Boxes to outline.</param>
/// <param name="IsSemantic">Whether results are regions of the whole image instead of defects.</param>
internal sealed record InspectionPlan(
    WireTask Task, InspectionOptions Options, IReadOnlyList<RegionOfInterest> Rois, bool IsSemantic)
{
    /// <summary>Whether results have masks.</summary>
    public bool HasMasks => Task != WireTask.Detect;

    /// <summary>Fits what was asked to what the model can do.</summary>
    /// <exception cref="UsageException">They do not fit.</exception>
    public static InspectionPlan Choose(Model model, InspectSettings settings)
    {
        string reference = $"{model.Reference.Name}/{model.Reference.Version}";
        WireTask task = settings.Task switch
        {
            TaskChoice.Detect => WireTask.Detect,
            TaskChoice.Segment => WireTask.Segment,
            TaskChoice.Both => WireTask.DetectAndSegment,
            _ => MostOf(model, settings.Rois.Count > 0),
        };
        if (!model.Tasks.Contains(task))
            throw new UsageException($"Model {reference} can't do --task {TaskNames.Of(task)}; it can do: {string.Join(", ", model.Tasks.Select(TaskNames.Of))}.");

        // A model that segments without ever detecting looks at the whole image.
        bool isSemantic = !model.Tasks.Contains(WireTask.Detect);
        CheckRois(task, isSemantic, settings.Rois.Count, reference);
        CheckFilters(task, settings.Inspection);
        return new InspectionPlan(
            task, settings.Inspection with { Model = reference, MaskFormat = MaskFormat.CocoRle }, settings.Rois, isSemantic);
    }

    private static WireTask MostOf(Model model, bool hasRois)
    {
        if (hasRois)
            return WireTask.Segment;
        return model.Tasks.Contains(WireTask.DetectAndSegment) ? WireTask.DetectAndSegment
            : model.Tasks.Contains(WireTask.Detect) ? WireTask.Detect
            : WireTask.Segment;
    }

    private static void CheckRois(WireTask task, bool isSemantic, int roiCount, string reference)
    {
        if (task == WireTask.Segment && !isSemantic && roiCount == 0)
        {
            throw new UsageException(
                $"Model {reference} outlines given boxes: say which with --roi X,Y,WIDTH,HEIGHT, or let it find them with --task both.");
        }

        if (roiCount > 0 && task != WireTask.Segment)
            throw new UsageException($"--roi goes with --task segment, not with --task {TaskNames.Of(task)}.");
        if (roiCount > 0 && isSemantic)
            throw new UsageException($"Model {reference} segments the whole image and takes no --roi.");
    }

    private static void CheckFilters(WireTask task, InspectionOptions filters)
    {
        if (task == WireTask.Segment && (filters.MinScore ?? filters.NmsIouThreshold ?? filters.MaxDefects) is not null)
            throw new UsageException("--min-score, --nms-iou and --max-defects filter detections; --task segment has none.");
    }
}

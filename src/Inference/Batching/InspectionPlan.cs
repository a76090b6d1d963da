using YMaskNet.Inference.Detection;
using YMaskNet.Inference.Models;

namespace YMaskNet.Inference.Batching;

/// <summary>A request's filters, checked and with the model's own values where the request has none.</summary>
/// <param name="Task">What to do.</param>
/// <param name="Limits">What of the first stage's candidates goes on; not used by <see cref="InspectionTask.Segment"/>.</param>
/// <param name="MinScore">Defects below it are left out.</param>
internal sealed record InspectionPlan(InspectionTask Task, DetectionLimits Limits, float MinScore)
{
    /// <exception cref="InspectionException">The model can't do the task, or a filter is out of range.</exception>
    public static InspectionPlan Create(ModelManifest manifest, InspectionTask task, DetectionFilter filter)
    {
        if (!manifest.Tasks.Contains(task))
        {
            throw new InspectionException(
                InspectionErrorKind.FailedPrecondition,
                "TASK_NOT_SUPPORTED",
                $"The model {manifest.Reference} can't do {task}; it can do {string.Join(", ", manifest.Tasks)}.",
                "task");
        }

        CheckUnitRange(filter.MinScore, "MIN_SCORE_OUT_OF_RANGE", "options.min_score");
        CheckUnitRange(filter.NmsIouThreshold, "NMS_IOU_THRESHOLD_OUT_OF_RANGE", "options.nms_iou_threshold");
        if (manifest.Detection is not { } detection)
            return new InspectionPlan(task, default, MinScore: 0f);

        if (filter.MaxDefects is { } asked && (asked < 1 || asked > detection.MaxRois))
        {
            throw new InspectionException(
                InspectionErrorKind.InvalidArgument,
                "MAX_DEFECTS_OUT_OF_RANGE",
                $"options.max_defects is {asked}; it must be in [1, {detection.MaxRois}].",
                "options.max_defects");
        }

        float minScore = filter.MinScore
            ?? (task == InspectionTask.Detect ? detection.DetectMinScore : detection.DetectAndSegmentMinScore);
        DetectionLimits limits = new(
            CandidateFloor(manifest, task, minScore),
            filter.NmsIouThreshold ?? detection.NmsIouThreshold,
            filter.MaxDefects ?? detection.DefaultMaxDefects);
        return new InspectionPlan(task, limits, minScore);
    }

    /// <summary>
    /// A first-stage score that a candidate needs to end at <paramref name="minScore"/>: with the geometric mean no
    /// candidate below its square can, since the second factor is at most 1.
    /// </summary>
    private static float CandidateFloor(ModelManifest manifest, InspectionTask task, float minScore) =>
        task == InspectionTask.DetectAndSegment && manifest.Refinement?.Score == ScoreRule.GeometricMean
            ? minScore * minScore
            : minScore;

    private static void CheckUnitRange(float? value, string reason, string field)
    {
        // Written so that NaN is refused.
        if (value is { } number && !(number >= 0f && number <= 1f))
        {
            throw new InspectionException(
                InspectionErrorKind.InvalidArgument, reason, FormattableString.Invariant($"{field} is {number}; it must be in [0, 1]."), field);
        }
    }
}

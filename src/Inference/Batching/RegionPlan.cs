using YMaskNet.Inference.Detection;
using YMaskNet.Inference.Models;

namespace YMaskNet.Inference.Batching;

/// <summary>Checks a request's boxes: what can be seen without the image before it is decoded, the rest after.</summary>
internal static class RegionPlan
{
    /// <exception cref="InspectionException">The model can't take the boxes, or one is wrong in itself.</exception>
    public static void Check(ModelManifest manifest, InspectionTask task, IReadOnlyList<RegionOfInterest> regions)
    {
        bool takesRegions = task == InspectionTask.Segment && manifest.Detection is not null;
        if (!takesRegions)
        {
            if (regions.Count > 0)
                throw Precondition("ROIS_NOT_SUPPORTED", $"{task} with the model {manifest.Reference} takes the whole image, no RoIs.");
            return;
        }

        int maxRois = manifest.Detection!.MaxRois;
        if (regions.Count == 0)
            throw Precondition("ROIS_REQUIRED", $"Segment with the model {manifest.Reference} needs 1 to {maxRois} RoIs.");
        if (regions.Count > maxRois)
            throw Invalid("ROI_COUNT_OUT_OF_RANGE", $"There are {regions.Count} RoIs; there must be 1 to {maxRois}.", "rois");

        for (int index = 0; index < regions.Count; index++)
        {
            CheckBox(regions[index].Box, index);
            if (regions[index].ClassName is { } className && IndexOf(manifest.Classes, className) < 0)
            {
                throw Invalid(
                    "CLASS_UNKNOWN",
                    $"The model {manifest.Reference} has no class '{className}'; it has {string.Join(", ", manifest.Classes)}.",
                    $"rois[{index}].class_name");
            }
        }
    }

    /// <summary>The boxes cut at the image's edges.</summary>
    /// <exception cref="InspectionException">A box does not overlap the image.</exception>
    public static RegionOutline[] Place(ModelManifest manifest, IReadOnlyList<RegionOfInterest> regions, int imageWidth, int imageHeight)
    {
        if (regions.Count == 0)
            return [];
        RegionOutline[] outlines = new RegionOutline[regions.Count];
        CornerBox image = new(0f, 0f, imageWidth, imageHeight);
        for (int index = 0; index < outlines.Length; index++)
        {
            PixelBox box = regions[index].Box;
            CornerBox inside = new CornerBox(box.X, box.Y, box.X + box.Width, box.Y + box.Height).ClippedTo(image);
            if (!(inside.Width > 0f && inside.Height > 0f))
            {
                throw Invalid(
                    "ROI_OUTSIDE_IMAGE",
                    FormattableString.Invariant($"rois[{index}].box does not overlap the image of {imageWidth} x {imageHeight} pixels."),
                    $"rois[{index}].box");
            }

            int? classId = regions[index].ClassName is { } className ? IndexOf(manifest.Classes, className) : null;
            outlines[index] = new RegionOutline(inside, classId);
        }

        return outlines;
    }

    private static void CheckBox(in PixelBox box, int index)
    {
        string field = $"rois[{index}].box";
        float right = box.X + box.Width;
        float bottom = box.Y + box.Height;
        if (!float.IsFinite(box.X) || !float.IsFinite(box.Y) || !float.IsFinite(right) || !float.IsFinite(bottom)
            || !float.IsFinite(box.Width) || !float.IsFinite(box.Height))
        {
            throw Invalid("ROI_NOT_FINITE", $"{field} has a coordinate that is not finite.", field);
        }

        // A width that vanishes beside x counts as none.
        if (!(right > box.X && bottom > box.Y))
            throw Invalid("ROI_REVERSED", FormattableString.Invariant($"{field} is {box.Width} x {box.Height} pixels; both must be positive."), field);
    }

    private static int IndexOf(IReadOnlyList<string> classes, string name)
    {
        for (int index = 0; index < classes.Count; index++)
        {
            if (classes[index] == name)
                return index;
        }

        return -1;
    }

    private static InspectionException Precondition(string reason, string message) =>
        new(InspectionErrorKind.FailedPrecondition, reason, message, "rois");

    private static InspectionException Invalid(string reason, string message, string field) =>
        new(InspectionErrorKind.InvalidArgument, reason, message, field);
}

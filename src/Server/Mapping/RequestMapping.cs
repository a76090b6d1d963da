using Google.Protobuf.Collections;
using YMaskNet.Inference;
using YMaskNet.Inference.Boards;
using YMaskNet.Inference.Frames;
using YMaskNet.Inference.Results;
using YMaskNet.Server.Errors;
using Wire = YMaskNet.V1;

namespace YMaskNet.Server.Mapping;

/// <summary>
/// From the wire to the inference library. What the library checks is passed on as it is; refused here is only what it
/// has no words for. Pixels are not copied: a request must outlive its inspection.
/// </summary>
internal static class RequestMapping
{
    public static InspectionRequest ToInspection(Wire.DetectRequest request) =>
        new(ToImage(request.Image), InspectionTask.Detect) { Filter = ToFilter(request.Options) };

    public static InspectionRequest ToInspection(Wire.SegmentRequest request) =>
        new(ToImage(request.Image), InspectionTask.Segment)
        {
            RegionsOfInterest = ToRegions(request.Rois),
            MaskFormat = ToMaskFormat(request.MaskFormat),
            IncludeClassMap = request.IncludeClassMap,
            MinRegionArea = request.HasMinRegionArea ? request.MinRegionArea : null,
        };

    public static InspectionRequest ToInspection(Wire.DetectAndSegmentRequest request) =>
        new(ToImage(request.Image), InspectionTask.DetectAndSegment)
        {
            Filter = ToFilter(request.Options),
            MaskFormat = ToMaskFormat(request.MaskFormat),
        };

    public static InspectionTask ToTask(Wire.Task task) => task switch
    {
        Wire.Task.Detect => InspectionTask.Detect,
        Wire.Task.Segment => InspectionTask.Segment,
        Wire.Task.DetectAndSegment => InspectionTask.DetectAndSegment,
        Wire.Task.Unspecified => throw Invalid(ErrorReasons.TaskUnspecified, "The task must be set.", "task"),
        _ => throw Invalid(ErrorReasons.TaskUnspecified, $"There is no task of number {(int)task}.", "task"),
    };

    public static MaskFormat ToMaskFormat(Wire.MaskFormat format) => format switch
    {
        Wire.MaskFormat.Unspecified or Wire.MaskFormat.CocoRle => MaskFormat.CocoRle,
        Wire.MaskFormat.Polygon => MaskFormat.Polygon,
        Wire.MaskFormat.Png => MaskFormat.Png,
        Wire.MaskFormat.None => MaskFormat.None,
        _ => throw Invalid(ErrorReasons.MaskFormatUnknown, $"There is no mask format of number {(int)format}.", "mask_format"),
    };

    public static InspectionPriority ToPriority(Wire.Priority priority) => priority switch
    {
        Wire.Priority.Unspecified or Wire.Priority.Normal => InspectionPriority.Normal,
        Wire.Priority.Low => InspectionPriority.Low,
        Wire.Priority.High => InspectionPriority.High,
        _ => throw Invalid(ErrorReasons.PriorityUnknown, $"There is no priority of number {(int)priority}.", "priority"),
    };

    public static DetectionFilter ToFilter(Wire.DetectionOptions? options) =>
        options is null
            ? DetectionFilter.ModelDefaults
            : new DetectionFilter(
                options.HasMinScore ? options.MinScore : null,
                options.HasNmsIouThreshold ? options.NmsIouThreshold : null,
                // No model allows anywhere near 2^31 defects, so a saturated number is refused like the true one.
                options.HasMaxDefects ? int.CreateSaturating(options.MaxDefects) : null);

    /// <summary>An image, whose pixels stay where they are.</summary>
    public static ImageSource ToImage(Wire.Image? image) => image?.SourceCase switch
    {
        Wire.Image.SourceOneofCase.Encoded => new EncodedImage(image.Encoded.Memory),
        Wire.Image.SourceOneofCase.Raw => ToImage(image.Raw),
        Wire.Image.SourceOneofCase.Shared => ToImage(image.Shared),
        _ => throw Invalid(ErrorReasons.ImageMissing, "An image must be set, encoded, raw or shared.", "image"),
    };

    private static RawImage ToImage(Wire.RawImage raw) => new(
        raw.Data.Memory,
        // Both sides use PFNC's numbers; one that is not known is the library's to refuse.
        (PixelFormat)(uint)raw.PixelFormat,
        ToLength(raw.Width, "image.raw.width"),
        ToLength(raw.Height, "image.raw.height"),
        // No message holds 2^31 bytes, so a saturated stride is refused, or for one row ignored, like the true one.
        int.CreateSaturating(raw.Stride));

    private static SharedImage ToImage(Wire.SharedImage shared) => new(
        shared.LeaseId.Memory,
        shared.Slot,
        shared.Offset,
        (PixelFormat)(uint)shared.PixelFormat,
        ToLength(shared.Width, "image.shared.width"),
        ToLength(shared.Height, "image.shared.height"),
        int.CreateSaturating(shared.Stride));

    /// <summary>A board's size and format.</summary>
    public static BoardDescription ToBoard(Wire.RawBoard raw) => new(
        ToLength(raw.Width, "raw.width"), ToLength(raw.Height, "raw.height"), (PixelFormat)(uint)raw.PixelFormat);

    private static int ToLength(uint pixels, string field) =>
        pixels <= int.MaxValue
            ? (int)pixels
            : throw new InspectionException(
                InspectionErrorKind.ResourceExhausted, ErrorReasons.ImageTooLarge, $"{pixels} pixels a side are above every limit.", field);

    /// <summary>The boxes to outline.</summary>
    public static RegionOfInterest[] ToRegions(RepeatedField<Wire.RegionOfInterest> rois)
    {
        if (rois.Count == 0)
            return [];
        RegionOfInterest[] regions = new RegionOfInterest[rois.Count];
        for (int i = 0; i < regions.Length; i++)
        {
            // A missing box is one of no extent, which the library refuses.
            Wire.Box box = rois[i].Box ?? new Wire.Box();
            regions[i] = new RegionOfInterest(
                new PixelBox(box.X, box.Y, box.Width, box.Height),
                rois[i].HasClassName ? rois[i].ClassName : null);
        }

        return regions;
    }

    private static InspectionException Invalid(string reason, string message, string field) =>
        new(InspectionErrorKind.InvalidArgument, reason, message, field);
}

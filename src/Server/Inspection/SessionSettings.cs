using YMaskNet.Inference;
using YMaskNet.Inference.Results;
using YMaskNet.Server.Errors;
using YMaskNet.Server.Mapping;
using Wire = YMaskNet.V1;

namespace YMaskNet.Server.Inspection;

/// <summary>What a session does with each of its frames.</summary>
internal sealed record SessionSettings(InspectionTask Task, DetectionFilter Filter, MaskFormat MaskFormat)
{
    /// <summary>Reads an opening.</summary>
    /// <exception cref="InspectionException">The opening is refused.</exception>
    public static SessionSettings Read(Wire.SessionOpening opening)
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

        return new SessionSettings(
            task, RequestMapping.ToFilter(opening.Options), RequestMapping.ToMaskFormat(opening.MaskFormat));
    }
}

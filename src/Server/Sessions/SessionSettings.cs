using YMaskNet.Inference;
using YMaskNet.Inference.Results;
using YMaskNet.Inference.Verdicts;
using YMaskNet.Server.Errors;
using YMaskNet.Server.Mapping;
using Wire = YMaskNet.V1;

namespace YMaskNet.Server.Sessions;

/// <summary>What a session does with its frames.</summary>
internal sealed record SessionSettings(InspectionTask Task, DetectionFilter Filter, MaskFormat MaskFormat)
{
    /// <summary>What happens to frames that come too fast.</summary>
    public FramePolicy Policy { get; init; } = FramePolicy.Block;

    /// <summary>Most frames in flight that the caller wants; <see langword="null"/>: as many as the server allows.</summary>
    public int? FramesAsked { get; init; }

    /// <summary>Who comes first when inspections wait.</summary>
    public InspectionPriority Priority { get; init; } = InspectionPriority.Normal;

    /// <summary>What makes a frame fail.</summary>
    public Recipe Recipe { get; init; } = Recipe.FailAnything;

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
            task, RequestMapping.ToFilter(opening.Options), RequestMapping.ToMaskFormat(opening.MaskFormat))
        {
            Policy = PolicyOf(opening.FramePolicy),
            FramesAsked = FramesOf(opening),
            Priority = RequestMapping.ToPriority(opening.Priority),
            Recipe = RecipeMapping.ToRecipe(opening.Recipe),
        };
    }

    /// <summary>Refuses what the model can't do.</summary>
    /// <exception cref="InspectionException">The opening is refused.</exception>
    public void Check(InspectionModel model)
    {
        model.Check(Task, Filter);
        try
        {
            Recipe.Check(model.Manifest);
        }
        catch (InspectionException error)
        {
            throw error.Within("recipe");
        }
    }

    /// <summary>A frame's inspection.</summary>
    /// <param name="frame">What the caller sent.</param>
    /// <param name="flow">The session's.</param>
    /// <param name="deadline">The frame's.</param>
    public InspectionRequest ToInspection(Wire.Frame frame, InspectionFlow flow, InspectionDeadline? deadline) =>
        new(RequestMapping.ToImage(frame.Image), Task)
        {
            RegionsOfInterest = RequestMapping.ToRegions(frame.Rois),
            WhenQueueIsFull = QueuePolicy.Wait,
            Filter = Filter,
            MaskFormat = MaskFormat,
            Flow = flow,
            Priority = Priority,
            Deadline = deadline,
        };

    private static int? FramesOf(Wire.SessionOpening opening) => opening switch
    {
        { HasMaxFramesInFlight: false } => null,
        { MaxFramesInFlight: 0 } => throw SessionErrors.FramesInFlightOutOfRange(),
        _ => int.CreateSaturating(opening.MaxFramesInFlight),
    };

    private static FramePolicy PolicyOf(Wire.FramePolicy policy) => policy switch
    {
        Wire.FramePolicy.Unspecified or Wire.FramePolicy.Block => FramePolicy.Block,
        Wire.FramePolicy.DropOldest => FramePolicy.DropOldest,
        Wire.FramePolicy.LatestOnly => FramePolicy.LatestOnly,
        _ => throw SessionErrors.Unknown(ErrorReasons.FramePolicyUnknown, "frame policy", (int)policy, "frame_policy"),
    };
}

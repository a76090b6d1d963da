using YMaskNet.Inference;
using YMaskNet.Server.Errors;

namespace YMaskNet.Server.Sessions;

/// <summary>What ends a session, or costs a frame.</summary>
internal static class SessionErrors
{
    public static InspectionException OpeningMissing(string message) =>
        new(InspectionErrorKind.InvalidArgument, ErrorReasons.OpeningMissing, message, "opening");

    public static InspectionException OpeningRepeated() => new(
        InspectionErrorKind.InvalidArgument,
        ErrorReasons.OpeningRepeated,
        "A session is opened once; every later message must be a frame.",
        "opening");

    public static InspectionException MessageEmpty() => new(
        InspectionErrorKind.InvalidArgument,
        ErrorReasons.MessageEmpty,
        "Every message after the opening must be a frame; this one is empty.",
        "frame");

    public static InspectionException ServerStopping() => new(
        InspectionErrorKind.Unavailable,
        ErrorReasons.ServerStopping,
        "The server is shutting down; the frames that it had taken are answered.");

    public static InspectionException PartIdTooLong(int bytes, int most) => new(
        InspectionErrorKind.InvalidArgument,
        ErrorReasons.PartIdTooLong,
        $"The part id has {bytes} bytes in UTF-8; at most {most} are accepted.",
        "part_id");

    public static InspectionException DeadlineOutOfRange(string field, string why) => new(
        InspectionErrorKind.InvalidArgument, ErrorReasons.DeadlineOutOfRange, $"The frame's {field} can't be used: {why}.", field);

    public static InspectionException FramesInFlightOutOfRange() => new(
        InspectionErrorKind.InvalidArgument,
        ErrorReasons.FramesInFlightOutOfRange,
        "max_frames_in_flight is 0; it must be at least 1.",
        "max_frames_in_flight");

    public static InspectionException Unknown(string reason, string what, int number, string field) => new(
        InspectionErrorKind.InvalidArgument, reason, $"There is no {what} of number {number}.", field);
}

using YMaskNet.Inference;
using YMaskNet.Server.Errors;

namespace YMaskNet.Server.Inspection;

/// <summary>What ends a session.</summary>
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
}

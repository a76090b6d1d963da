using YMaskNet.Inference;
using YMaskNet.Server.Errors;

namespace YMaskNet.Server.WholeBoards;

/// <summary>What ends a board before its answer.</summary>
internal static class BoardErrors
{
    public static InspectionException OpeningMissing(string message) => Invalid(ErrorReasons.OpeningMissing, message, "opening");

    public static InspectionException OpeningRepeated() =>
        Invalid(ErrorReasons.OpeningRepeated, "A board is opened once; every later message must be a part of it.", "opening");

    public static InspectionException FormMissing() => Invalid(
        ErrorReasons.ImageMissing, "The opening must say in what form the board comes, raw or encoded.", "opening.form");

    public static InspectionException MessageEmpty(string expected) =>
        Invalid(ErrorReasons.MessageEmpty, $"Every message after the opening must hold {expected}; this one is empty.", expected);

    public static InspectionException FormMismatch(string expected, string found) => Invalid(
        ErrorReasons.BoardFormMismatch, $"The opening says that {expected} follow; this message holds {found}.", found);

    public static InspectionException FileSizeMissing() => Invalid(
        ErrorReasons.FileSizeMissing, "The length of the file must be set, in bytes.", "opening.encoded.size_bytes");

    public static InspectionException FileTooLarge(ulong size, int limit) => new(
        InspectionErrorKind.ResourceExhausted,
        ErrorReasons.FileTooLarge,
        $"The file has {size} bytes; at most {limit} are accepted.",
        "opening.encoded.size_bytes");

    public static InspectionException FileSizeMismatch(string message) => Invalid(ErrorReasons.FileSizeMismatch, message, "file_piece");

    public static InspectionException ServerStopping() => new(
        InspectionErrorKind.Unavailable,
        ErrorReasons.ServerStopping,
        "The server is shutting down; the board was not sent to its end.");

    public static InspectionException Idle(TimeSpan limit) => new(
        InspectionErrorKind.DeadlineExceeded,
        ErrorReasons.BoardIdle,
        $"Nothing more of the board came for {limit.TotalSeconds:0} seconds; its place is given to others.");

    private static InspectionException Invalid(string reason, string message, string field) =>
        new(InspectionErrorKind.InvalidArgument, reason, message, field);
}

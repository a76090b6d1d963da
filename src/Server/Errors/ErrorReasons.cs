namespace YMaskNet.Server.Errors;

/// <summary>
/// Reasons (google.rpc.ErrorInfo) that the server itself gives; those of bad images, boxes and thresholds come from
/// the inference library.
/// </summary>
internal static class ErrorReasons
{
    /// <summary>Domain of all reasons.</summary>
    public const string Domain = "ymasknet";

    /// <summary>Key of the metadata that holds the path of the field at fault.</summary>
    public const string FieldKey = "field";

    public const string ImageMissing = "IMAGE_MISSING";
    public const string ImageTooLarge = "IMAGE_TOO_LARGE";
    public const string MaskFormatUnknown = "MASK_FORMAT_UNKNOWN";
    public const string OptionsNotSupported = "OPTIONS_NOT_SUPPORTED";
    public const string TaskUnspecified = "TASK_UNSPECIFIED";
    public const string OpeningMissing = "OPENING_MISSING";
    public const string OpeningRepeated = "OPENING_REPEATED";
    public const string FramePolicyUnknown = "FRAME_POLICY_UNKNOWN";
    public const string PriorityUnknown = "PRIORITY_UNKNOWN";
    public const string FramesInFlightOutOfRange = "MAX_FRAMES_IN_FLIGHT_OUT_OF_RANGE";
    public const string PartIdTooLong = "PART_ID_TOO_LONG";
    public const string DeadlineOutOfRange = "DEADLINE_OUT_OF_RANGE";
    public const string ClassRuleRepeated = "CLASS_RULE_REPEATED";
    public const string ClassRuleMissing = "CLASS_RULE_MISSING";
    public const string PixelSizeMissing = "PIXEL_SIZE_MISSING";
    public const string PixelSizeOutOfRange = "PIXEL_SIZE_OUT_OF_RANGE";
    public const string MessageEmpty = "MESSAGE_EMPTY";
    public const string MessageTooLarge = "MESSAGE_TOO_LARGE";
    public const string MessageMalformed = "MESSAGE_MALFORMED";
    public const string MethodUnknown = "METHOD_UNKNOWN";
    public const string EncodingUnknown = "ENCODING_UNKNOWN";
    public const string ServiceUnknown = "SERVICE_UNKNOWN";
    public const string TokenMissing = "TOKEN_MISSING";
    public const string TokenInvalid = "TOKEN_INVALID";
    public const string QueueFull = "QUEUE_FULL";
    public const string SharedMemoryOff = "SHARED_MEMORY_OFF";
    public const string UnixSocketRequired = "UNIX_SOCKET_REQUIRED";
    public const string SharedMemoryExhausted = "SHARED_MEMORY_EXHAUSTED";
    public const string LeaseSizeOutOfRange = "LEASE_SIZE_OUT_OF_RANGE";
    public const string LeaseExpired = "LEASE_EXPIRED";
    public const string LeaseIdInvalid = "LEASE_ID_INVALID";
    public const string SlotOutOfRange = "SLOT_OUT_OF_RANGE";
    public const string BoardsFull = "BOARDS_FULL";
    public const string BoardIdle = "BOARD_IDLE";
    public const string BoardFormMismatch = "BOARD_FORM_MISMATCH";
    public const string FileTooLarge = "FILE_TOO_LARGE";
    public const string FileSizeMismatch = "FILE_SIZE_MISMATCH";
    public const string FileSizeMissing = "FILE_SIZE_MISSING";
    public const string ServerStopping = "SERVER_STOPPING";
    public const string Internal = "INTERNAL";
}

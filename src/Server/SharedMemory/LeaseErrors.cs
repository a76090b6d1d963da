using YMaskNet.Inference;
using YMaskNet.Server.Errors;

namespace YMaskNet.Server.SharedMemory;

/// <summary>What a lease, or a frame in leased memory, is refused for. No message holds a lease's id.</summary>
internal static class LeaseErrors
{
    public static InspectionException Off() => new(
        InspectionErrorKind.FailedPrecondition,
        ErrorReasons.SharedMemoryOff,
        "This server leases no shared memory; its operator can set SharedMemoryBytes.");

    public static InspectionException UnixSocketRequired() => new(
        InspectionErrorKind.FailedPrecondition,
        ErrorReasons.UnixSocketRequired,
        "Memory is shared on one host only: ask for it over the server's Unix socket.");

    public static InspectionException Exhausted(string message) =>
        new(InspectionErrorKind.ResourceExhausted, ErrorReasons.SharedMemoryExhausted, message);

    public static InspectionException SizeOutOfRange(string message, string field) =>
        new(InspectionErrorKind.InvalidArgument, ErrorReasons.LeaseSizeOutOfRange, message, field);

    public static InspectionException Expired() => new(
        InspectionErrorKind.NotFound,
        ErrorReasons.LeaseExpired,
        "No lease of that id stands: it has ended, or never was.",
        "image.shared.lease_id");

    public static InspectionException Idle(TimeSpan limit) => new(
        InspectionErrorKind.NotFound,
        ErrorReasons.LeaseExpired,
        FormattableString.Invariant($"The lease has ended: nothing used or renewed it for {limit.TotalSeconds} seconds."));

    public static InspectionException IdInvalid(int length) => new(
        InspectionErrorKind.InvalidArgument,
        ErrorReasons.LeaseIdInvalid,
        $"The lease's id has {length} bytes; it must have {LeaseId.Bytes}.",
        "image.shared.lease_id");

    public static InspectionException SlotOutOfRange(uint slot, int slotCount) => new(
        InspectionErrorKind.InvalidArgument,
        ErrorReasons.SlotOutOfRange,
        $"The slot is {slot}; the lease has slots 0 to {slotCount - 1}.",
        "image.shared.slot");

    public static InspectionException OpeningMissing(string message) =>
        new(InspectionErrorKind.InvalidArgument, ErrorReasons.OpeningMissing, message, "opening");

    public static InspectionException OpeningRepeated() => new(
        InspectionErrorKind.InvalidArgument,
        ErrorReasons.OpeningRepeated,
        "A lease is opened once; every later message must be a renewal.",
        "opening");

    public static InspectionException MessageEmpty() => new(
        InspectionErrorKind.InvalidArgument,
        ErrorReasons.MessageEmpty,
        "Every message after the opening must be a renewal; this one is empty.",
        "renewal");

    public static InspectionException ServerStopping() => new(
        InspectionErrorKind.Unavailable,
        ErrorReasons.ServerStopping,
        "The server is shutting down; the frames that it had taken are answered.");
}

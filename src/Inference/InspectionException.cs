namespace YMaskNet.Inference;

/// <summary>The family of an <see cref="InspectionException"/>; each maps to one canonical status.</summary>
public enum InspectionErrorKind
{
    /// <summary>A value is missing, out of range or unreadable.</summary>
    InvalidArgument,

    /// <summary>There is no such model.</summary>
    NotFound,

    /// <summary>The model can't do what was asked.</summary>
    FailedPrecondition,

    /// <summary>Too large an image or too full a queue.</summary>
    ResourceExhausted,

    /// <summary>The inspection's own deadline passed before it began.</summary>
    DeadlineExceeded,

    /// <summary>The engine is shutting down.</summary>
    Unavailable,
}

/// <summary>An inspection was refused. Nothing else is affected; the engine goes on.</summary>
/// <param name="kind">The family of the error.</param>
/// <param name="reason">Stable, for programs: UPPER_SNAKE_CASE, for example <c>IMAGE_TRUNCATED</c>.</param>
/// <param name="message">For people: what is wrong and what would be right.</param>
/// <param name="field">
/// Path of the value at fault in the terms of the wire contract, for example <c>image.raw.stride</c> or
/// <c>rois[2].box</c>; <see langword="null"/> where no one value is.
/// </param>
/// <param name="innerException">What caused it, if anything did.</param>
public sealed class InspectionException(
    InspectionErrorKind kind,
    string reason,
    string message,
    string? field = null,
    Exception? innerException = null) : Exception(message, innerException)
{
    /// <summary>The family of the error.</summary>
    public InspectionErrorKind Kind { get; } = kind;

    /// <summary>Stable, for programs: UPPER_SNAKE_CASE.</summary>
    public string Reason { get; } = reason;

    /// <summary>Path of the value at fault, if one is.</summary>
    public string? Field { get; } = field;

    /// <summary>When trying again has a chance, where that is known: a full queue's expected time to move on.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>The same, its field named from the message around the one at fault.</summary>
    /// <param name="outer">The field that holds that message.</param>
    public InspectionException Within(string outer) =>
        new(Kind, Reason, Message, Field is null ? outer : $"{outer}.{Field}", this) { RetryAfter = RetryAfter };
}

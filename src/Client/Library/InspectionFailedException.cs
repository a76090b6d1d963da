using Grpc.Core;
using YMaskNet.V1;

namespace YMaskNet.Client;

/// <summary>A call, a session or a frame failed.</summary>
public sealed class InspectionFailedException : Exception
{
    private static readonly IReadOnlyDictionary<string, string> NoDetails = new Dictionary<string, string>();

    /// <summary>A failure with what is known of it.</summary>
    /// <param name="statusCode">The canonical status.</param>
    /// <param name="reason">See <see cref="Reason"/>.</param>
    /// <param name="message">What is wrong, for people.</param>
    /// <param name="details">See <see cref="Details"/>.</param>
    /// <param name="innerException">The cause.</param>
    public InspectionFailedException(
        StatusCode statusCode,
        string reason,
        string message,
        IReadOnlyDictionary<string, string>? details = null,
        Exception? innerException = null)
        : base(message, innerException)
    {
        StatusCode = statusCode;
        Reason = reason;
        Details = details ?? NoDetails;
    }

    /// <summary>The canonical gRPC status.</summary>
    public StatusCode StatusCode { get; }

    /// <summary>Stable, for programs, for example <c>IMAGE_TRUNCATED</c>. Empty when the server gave none.</summary>
    public string Reason { get; }

    /// <summary>Path of the request's field that is at fault, for example <c>image.raw.stride</c>; <see langword="null"/> when none is.</summary>
    public string? Field => Details.GetValueOrDefault("field");

    /// <summary>What else the server said, by name; contains <see cref="Field"/> under <c>field</c>.</summary>
    public IReadOnlyDictionary<string, string> Details { get; }

    /// <summary>When the server expects to have room (google.rpc.RetryInfo); <see langword="null"/> when it says nothing of it.</summary>
    public TimeSpan? RetryDelay { get; init; }

    /// <summary>
    /// Whether the same call may succeed later: there was no server, it went away, or it was full and says when to come again.
    /// </summary>
    public bool IsRetryable =>
        StatusCode == StatusCode.Unavailable || (StatusCode == StatusCode.ResourceExhausted && RetryDelay is not null);

    /// <summary>The failure of one frame of a session.</summary>
    public static InspectionFailedException FromFrame(FrameError error) =>
        new((StatusCode)error.Code, error.Reason, error.Message, new Dictionary<string, string>(error.Metadata));
}

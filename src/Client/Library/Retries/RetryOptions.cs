namespace YMaskNet.Client;

/// <summary>
/// How often a call is tried that failed in a way that may pass (<see cref="InspectionFailedException.IsRetryable"/>), and after
/// how long.
/// </summary>
/// <remarks>
/// The time between two tries doubles from <see cref="FirstDelay"/> to <see cref="LongestDelay"/>, is never less than the server
/// asked for, and is drawn out by up to a half at random, so that callers that were refused together do not come back together.
/// A server that asks for more than <see cref="LongestDelay"/> is not asked again: the failure says when it expects to have room
/// (<see cref="InspectionFailedException.RetryDelay"/>). All tries share the call's timeout: one that could not begin within it is
/// not waited for. Inspecting changes nothing on the server, so unary calls may be made twice. Sessions and leases are tried again
/// only until they stand, boards only where their source can be read again.
/// </remarks>
public sealed record RetryOptions
{
    /// <summary>One try and no more.</summary>
    public static RetryOptions None { get; } = new() { MaxAttempts = 1 };

    /// <summary>Tries in all. Range: at least 1; 1 is none but the first. Default: 4.</summary>
    public int MaxAttempts { get; init; } = 4;

    /// <summary>Time before the second try. Range: at least 0. Default: 0.1 seconds.</summary>
    public TimeSpan FirstDelay { get; init; } = TimeSpan.FromSeconds(0.1);

    /// <summary>Longest time before a try. Range: at least <see cref="FirstDelay"/>. Default: 30 seconds.</summary>
    public TimeSpan LongestDelay { get; init; } = TimeSpan.FromSeconds(30);

    internal void Check()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxAttempts, 1, nameof(MaxAttempts));
        ArgumentOutOfRangeException.ThrowIfLessThan(FirstDelay, TimeSpan.Zero, nameof(FirstDelay));
        ArgumentOutOfRangeException.ThrowIfLessThan(LongestDelay, FirstDelay, nameof(LongestDelay));
    }
}

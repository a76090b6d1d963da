namespace YMaskNet.Client;

/// <summary>The tries of one call.</summary>
/// <param name="options">How many, and how far apart.</param>
/// <param name="deadline">When the call is given up; <see langword="null"/>: never.</param>
/// <param name="time">The clock.</param>
/// <param name="draw">Gives a random number from 0 to 1.</param>
internal sealed class Attempts(RetryOptions options, DateTime? deadline, TimeProvider time, Func<double> draw)
{
    // Powers of two beyond it would overflow; no delay is as long as this many doublings of a tick.
    private const int MaxDoublings = 62;

    private int _made;

    /// <summary>How long to wait before the next try; <see langword="null"/> where there is none.</summary>
    public TimeSpan? DelayAfter(InspectionFailedException failure)
    {
        _made++;
        if (_made >= options.MaxAttempts || !failure.IsRetryable || failure.RetryDelay > options.LongestDelay)
            return null;

        double doubled = options.FirstDelay.Ticks * Math.Pow(2, Math.Min(_made - 1, MaxDoublings));
        double least = Math.Max(Math.Min(doubled, options.LongestDelay.Ticks), failure.RetryDelay?.Ticks ?? 0);
        TimeSpan delay = TimeSpan.FromTicks((long)(least * (1 + (draw() / 2))));
        return deadline - time.GetUtcNow().UtcDateTime <= delay ? null : delay;
    }
}

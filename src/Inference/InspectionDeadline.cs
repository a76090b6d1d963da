using System.Diagnostics;

namespace YMaskNet.Inference;

/// <summary>
/// A moment after which nobody needs an inspection any more, on the machine's monotonic clock: setting the wall clock does
/// not move it.
/// </summary>
public readonly record struct InspectionDeadline
{
    private readonly long _timestamp;

    private InspectionDeadline(long timestamp) => _timestamp = timestamp;

    /// <summary>Whether it has passed.</summary>
    public bool HasPassed => Stopwatch.GetTimestamp() >= _timestamp;

    /// <summary>A time from now; one that is not positive has passed.</summary>
    /// <param name="time">Up to some centuries; longer times end there.</param>
    public static InspectionDeadline After(TimeSpan time)
    {
        double ticks = time.TotalSeconds * Stopwatch.Frequency;
        long now = Stopwatch.GetTimestamp();
        return new InspectionDeadline(ticks >= long.MaxValue - (double)now ? long.MaxValue : now + (long)ticks);
    }
}

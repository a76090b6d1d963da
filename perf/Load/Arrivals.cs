using System.Diagnostics;

namespace YMaskNet.Perf.Load;

/// <summary>
/// When inspections are due: at a steady rate from the start on, whatever becomes of those before. A latency that counts from
/// the due time holds what a caller would have waited for, also while the load itself was held up; one that counts from the
/// sending would leave that out.
/// </summary>
/// <param name="perSecond">Rate of arrivals; 0: all are due at once, which loads a server as much as it takes.</param>
internal sealed class Arrivals(double perSecond)
{
    private readonly long _start = Stopwatch.GetTimestamp();

    /// <summary>Whether there is a rate.</summary>
    public bool IsOpenLoop => perSecond > 0;

    /// <summary>How many are due within a time; without a rate as many as can be.</summary>
    public long CountWithin(TimeSpan time) => IsOpenLoop ? (long)(perSecond * time.TotalSeconds) : long.MaxValue;

    /// <summary>Waits until an arrival is due.</summary>
    /// <param name="index">Which one, from 0.</param>
    /// <returns>The due time as a timestamp of <see cref="Stopwatch"/>; without a rate the present.</returns>
    public async ValueTask<long> WaitForAsync(long index, CancellationToken cancellationToken)
    {
        if (!IsOpenLoop)
            return Stopwatch.GetTimestamp();
        long due = _start + (long)(index / perSecond * Stopwatch.Frequency);
        TimeSpan left = Stopwatch.GetElapsedTime(Stopwatch.GetTimestamp(), due);
        if (left > TimeSpan.Zero)
            await Task.Delay(left, cancellationToken);
        return due;
    }
}

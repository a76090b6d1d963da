using System.Diagnostics;

namespace YMaskNet.Perf.Load;

/// <summary>What became of one inspection.</summary>
internal enum Outcome
{
    /// <summary>Inspected: passed or failed.</summary>
    Inspected,

    /// <summary>Refused because the queue was full.</summary>
    Refused,

    /// <summary>A later frame took its place.</summary>
    Dropped,

    /// <summary>Its deadline had passed.</summary>
    Late,

    /// <summary>Anything else.</summary>
    Failed,
}

/// <summary>Counts outcomes and keeps the latencies of the inspected. Safe for calls from many threads at once.</summary>
internal sealed class Tally
{
    private const int MostWeighed = 100;

    private readonly Lock _gate = new();
    private readonly long[] _counts = new long[Enum.GetValues<Outcome>().Length];
    private readonly List<double> _milliseconds = [];
    private string? _firstFailure;
    private long _answerBytes;
    private int _answersWeighed;

    /// <summary>Notes an end.</summary>
    /// <param name="outcome">What it was.</param>
    /// <param name="due">When the inspection was due; a timestamp of <see cref="Stopwatch"/>.</param>
    /// <param name="failure">Why, where it failed.</param>
    public void Note(Outcome outcome, long due, string? failure = null)
    {
        double milliseconds = Stopwatch.GetElapsedTime(due).TotalMilliseconds;
        lock (_gate)
        {
            _counts[(int)outcome]++;
            _firstFailure ??= failure;
            if (outcome == Outcome.Inspected)
                _milliseconds.Add(milliseconds);
        }
    }

    /// <summary>Notes how much memory an answer takes; of the first hundred alone.</summary>
    public void Weigh(Func<long> answerBytes)
    {
        lock (_gate)
        {
            if (_answersWeighed >= MostWeighed)
                return;
            _answerBytes += answerBytes();
            _answersWeighed++;
        }
    }

    /// <summary>What has been counted, over a time.</summary>
    public LoadResult Result(TimeSpan time)
    {
        lock (_gate)
        {
            double[] sorted = [.. _milliseconds.Order()];
            return new LoadResult
            {
                Seconds = time.TotalSeconds,
                Inspected = _counts[(int)Outcome.Inspected],
                Refused = _counts[(int)Outcome.Refused],
                Dropped = _counts[(int)Outcome.Dropped],
                Late = _counts[(int)Outcome.Late],
                Failed = _counts[(int)Outcome.Failed],
                FirstFailure = _firstFailure,
                P50 = Percentile(sorted, 0.5),
                P95 = Percentile(sorted, 0.95),
                P99 = Percentile(sorted, 0.99),
                P999 = Percentile(sorted, 0.999),
                Max = sorted.Length > 0 ? sorted[^1] : null,
                AnswerBytes = _answersWeighed > 0 ? (double)_answerBytes / _answersWeighed : null,
            };
        }
    }

    /// <summary>The smallest value that a part of all is not above.</summary>
    private static double? Percentile(double[] sorted, double part) =>
        sorted.Length == 0 ? null : sorted[Math.Clamp((int)Math.Ceiling(part * sorted.Length) - 1, 0, sorted.Length - 1)];
}

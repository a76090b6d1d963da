using System.Diagnostics;

namespace YMaskNet.Inference.Batching;

/// <summary>
/// Jobs that wait for a lane: higher priorities first, the flows of a priority in turn. Any thread adds and removes, the
/// lanes' threads take batches. Its length is bounded by the admission before it.
/// </summary>
internal sealed class JobQueue
{
    // By InspectionPriority.
    private readonly FlowRing[] _levels = [.. Enum.GetValues<InspectionPriority>().Select(_ => new FlowRing())];
    private readonly object _gate = new();
    private int _count;
    private bool _completed;

    /// <summary>How many jobs wait.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>Adds a job.</summary>
    /// <exception cref="InvalidOperationException">The queue is complete.</exception>
    public void Add(InspectionJob job)
    {
        lock (_gate)
        {
            if (_completed)
                throw new InvalidOperationException("A job was added to a queue whose lanes have ended.");
            _levels[(int)job.Turn.Priority].Add(job);
            _count++;

            // All, since one may wait for a batch to fill and another for anything at all.
            Monitor.PulseAll(_gate);
        }
    }

    /// <summary>Takes out a job that no lane has taken yet; whether it did.</summary>
    public bool Remove(InspectionJob job)
    {
        lock (_gate)
        {
            if (!_levels[(int)job.Turn.Priority].Remove(job))
                return false;
            _count--;
            return true;
        }
    }

    /// <summary>
    /// Waits for jobs and takes as many as are there, up to a batch; jobs whose deadline has passed are ended instead.
    /// </summary>
    /// <param name="batch">Filled from its start on.</param>
    /// <param name="maxDelay">How long the oldest job may wait for the batch to fill.</param>
    /// <returns>How many were taken; 0 when the queue is complete and empty.</returns>
    public int Take(Span<InspectionJob> batch, TimeSpan maxDelay)
    {
        lock (_gate)
        {
            while (true)
            {
                if (_count == 0)
                {
                    if (_completed)
                        return 0;
                    Monitor.Wait(_gate);
                }
                else if (TimeToFill(batch.Length, maxDelay) is { } time)
                {
                    Monitor.Wait(_gate, time);
                }
                else if (TakeNow(batch) is > 0 and int taken)
                {
                    return taken;
                }
            }
        }
    }

    /// <summary>Takes as many jobs as wait now, up to a batch, without waiting for any; 0 where there are none.</summary>
    public int TakeWaiting(Span<InspectionJob> batch)
    {
        lock (_gate)
            return TakeNow(batch);
    }

    /// <summary>No job will come any more: lanes end when they have taken what is there.</summary>
    public void Complete()
    {
        lock (_gate)
        {
            _completed = true;
            Monitor.PulseAll(_gate);
        }
    }

    /// <summary>How long a batch may still wait for more jobs; <see langword="null"/>: it must not.</summary>
    private TimeSpan? TimeToFill(int batchSize, TimeSpan maxDelay)
    {
        if (_count >= batchSize || _completed || maxDelay <= TimeSpan.Zero)
            return null;
        long oldest = _levels.Min(level => level.Oldest())!.Value;
        TimeSpan left = maxDelay - Stopwatch.GetElapsedTime(oldest);
        return left > TimeSpan.Zero ? left : null;
    }

    private int TakeNow(Span<InspectionJob> batch)
    {
        int taken = 0;
        for (int priority = _levels.Length - 1; priority >= 0; priority--)
        {
            while (taken < batch.Length && _levels[priority].TryTake(out InspectionJob? job))
            {
                _count--;
                if (job.Turn.Deadline is { HasPassed: true })
                    job.Expire();
                else
                    batch[taken++] = job;
            }
        }

        return taken;
    }
}

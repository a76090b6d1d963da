using System.Diagnostics.CodeAnalysis;

namespace YMaskNet.Inference.Batching;

/// <summary>
/// Jobs that wait for a lane, first come, first served. Any thread adds and removes, the lanes' threads take. Its length is
/// bounded by the admission before it.
/// </summary>
internal sealed class JobQueue
{
    // A linked list, since a cancelled job is taken out from anywhere in it.
    private readonly LinkedList<InspectionJob> _jobs = [];
    private readonly Dictionary<InspectionJob, LinkedListNode<InspectionJob>> _nodes = [];
    private readonly object _gate = new();
    private bool _completed;

    /// <summary>Appends a job.</summary>
    /// <exception cref="InvalidOperationException">The queue is complete.</exception>
    public void Add(InspectionJob job)
    {
        lock (_gate)
        {
            if (_completed)
                throw new InvalidOperationException("A job was added to a queue whose lanes have ended.");
            _nodes.Add(job, _jobs.AddLast(job));
            Monitor.Pulse(_gate);
        }
    }

    /// <summary>Takes out a job that no lane has taken yet; whether it did.</summary>
    public bool Remove(InspectionJob job)
    {
        lock (_gate)
        {
            if (!_nodes.Remove(job, out LinkedListNode<InspectionJob>? node))
                return false;
            _jobs.Remove(node);
            return true;
        }
    }

    /// <summary>Waits for the next job; <see langword="false"/> when the queue is complete and empty.</summary>
    public bool TryTake([NotNullWhen(true)] out InspectionJob? job)
    {
        lock (_gate)
        {
            while (_jobs.First is null && !_completed)
                Monitor.Wait(_gate);
            job = _jobs.First?.Value;
            if (job is null)
                return false;
            _jobs.RemoveFirst();
            _nodes.Remove(job);
            return true;
        }
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
}

using System.Diagnostics.CodeAnalysis;

namespace YMaskNet.Inference.Batching;

/// <summary>
/// Waiting jobs of one priority. Within a flow first come, first served; flows take turns, one job each. Not safe for calls
/// from many threads. It allocates nothing once it has seen its largest number of flows.
/// </summary>
internal sealed class FlowRing
{
    // Flows that have jobs; the first one's turn is next.
    private readonly LinkedList<FlowJobs> _turns = [];
    private readonly Dictionary<InspectionFlow, LinkedListNode<FlowJobs>> _flows = [];
    private readonly Stack<LinkedListNode<FlowJobs>> _unused = [];

    /// <summary>Appends a job to its flow.</summary>
    public void Add(InspectionJob job)
    {
        if (!_flows.TryGetValue(job.Turn.Flow, out LinkedListNode<FlowJobs>? turn))
        {
            turn = _unused.TryPop(out LinkedListNode<FlowJobs>? unused) ? unused : new LinkedListNode<FlowJobs>(new FlowJobs());
            turn.Value.Flow = job.Turn.Flow;
            _flows.Add(job.Turn.Flow, turn);
            _turns.AddLast(turn);
        }

        turn.Value.Jobs.AddLast(job.Node);
    }

    /// <summary>Takes a job out, wherever it stands; whether it was there.</summary>
    public bool Remove(InspectionJob job)
    {
        if (job.Node.List is null)
            return false;
        LinkedListNode<FlowJobs> turn = _flows[job.Turn.Flow];
        turn.Value.Jobs.Remove(job.Node);
        if (turn.Value.Jobs.Count == 0)
            Retire(turn);
        return true;
    }

    /// <summary>Takes the next job out.</summary>
    public bool TryTake([NotNullWhen(true)] out InspectionJob? job)
    {
        if (_turns.First is not { } turn)
        {
            job = null;
            return false;
        }

        LinkedListNode<InspectionJob> first = turn.Value.Jobs.First!;
        turn.Value.Jobs.RemoveFirst();
        _turns.RemoveFirst();
        _turns.AddLast(turn);
        if (turn.Value.Jobs.Count == 0)
            Retire(turn);
        job = first.Value;
        return true;
    }

    /// <summary>When the job was made that has waited longest; <see langword="null"/> where none waits.</summary>
    public long? Oldest()
    {
        long? oldest = null;
        foreach (FlowJobs flow in _turns)
        {
            long created = flow.Jobs.First!.Value.Created;
            oldest = oldest is { } known ? Math.Min(known, created) : created;
        }

        return oldest;
    }

    private void Retire(LinkedListNode<FlowJobs> turn)
    {
        _turns.Remove(turn);
        _flows.Remove(turn.Value.Flow!);
        turn.Value.Flow = null;
        _unused.Push(turn);
    }

    private sealed class FlowJobs
    {
        public InspectionFlow? Flow { get; set; }

        public LinkedList<InspectionJob> Jobs { get; } = [];
    }
}

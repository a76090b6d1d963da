namespace YMaskNet.Inference.Batching;

/// <summary>
/// The one way through: the order of a lane's operations for a batch of inspections, whatever their tasks. It never looks at
/// what an operation found, so that a lane may run behind; between operations it looks who still waits for an answer. One
/// thread owns it.
/// </summary>
internal sealed class BatchRunner
{
    private readonly ILane _lane;
    private readonly bool _isSemantic;
    private readonly Action<Exception> _failed;

    // By slot; null where the inspection has ended.
    private readonly InspectionJob?[] _jobs;
    private readonly int[] _slots;

    /// <param name="lane">What runs the batches.</param>
    /// <param name="isSemantic">Whether its model segments whole images.</param>
    /// <param name="failed">Is told what went wrong on the lane, once for each exception.</param>
    public BatchRunner(ILane lane, bool isSemantic, Action<Exception> failed)
    {
        _lane = lane;
        _isSemantic = isSemantic;
        _failed = failed;
        _jobs = new InspectionJob?[lane.MaxBatch];
        _slots = new int[lane.MaxBatch];
    }

    /// <summary>Runs a batch; every job of it has ended when it returns.</summary>
    public void Run(ReadOnlySpan<InspectionJob> batch)
    {
        int count = 0;
        foreach (InspectionJob job in batch)
        {
            job.Started();
            if (Prepare(count, job))
                count++;
        }

        try
        {
            RunPrepared(count);
        }
        catch (Exception exception)
        {
            // The lane goes on: the failure is this batch's alone, and its callers get it.
            _failed(exception);
            for (int slot = 0; slot < count; slot++)
                Take(slot)?.Fail(exception);
        }
    }

    private bool Prepare(int slot, InspectionJob job)
    {
        _jobs[slot] = job;
        if (!IsWanted(slot))
            return false;
        try
        {
            _lane.Prepare(slot, job.Frame);
            return true;
        }
        catch (Exception exception)
        {
            _failed(exception);
            Take(slot)!.Fail(exception);
            return false;
        }
    }

    private void RunPrepared(int count)
    {
        if (!AnyWanted(count))
            return;
        _lane.RunStage1(count);
        for (int slot = 0; slot < count; slot++)
        {
            if (IsWanted(slot))
                FindRegions(slot, _jobs[slot]!);
        }

        int toAlign = 0;
        for (int slot = 0; slot < count; slot++)
        {
            if (IsWanted(slot))
                _slots[toAlign++] = slot;
        }

        if (toAlign == 0)
            return;
        _lane.AlignRegions(_slots.AsSpan(0, toAlign));
        if (!AnyWanted(count))
            return;
        _lane.RunStage2();
        foreach (int slot in _slots.AsSpan(0, toAlign))
        {
            if (IsWanted(slot))
                Finish(slot, Outlined(slot, _jobs[slot]!));
        }
    }

    /// <summary>What follows the first network; ends inspections that need no second one.</summary>
    private void FindRegions(int slot, InspectionJob job)
    {
        if (_isSemantic)
        {
            Finish(slot, _lane.FinishClassMap(slot));
            return;
        }

        if (job.Plan.Task == InspectionTask.Segment)
            _lane.TakeRegions(slot, job.Outlines.Span);
        else
            _lane.Detect(slot, job.Plan.Limits);
        if (job.Plan.Task == InspectionTask.Detect)
            Finish(slot, _lane.FinishDetected(slot));
    }

    private LaneResult Outlined(int slot, InspectionJob job) => job.Plan.Task == InspectionTask.Segment
        ? _lane.FinishOutlined(slot)
        : _lane.FinishRefined(slot, job.Plan.MinScore);

    private bool AnyWanted(int count)
    {
        bool any = false;
        for (int slot = 0; slot < count; slot++)
            any |= IsWanted(slot);
        return any;
    }

    /// <summary>Whether a slot has an inspection whose caller still waits; ends it where the caller has gone.</summary>
    private bool IsWanted(int slot)
    {
        if (_jobs[slot] is not { } job)
            return false;
        if (!job.CancellationToken.IsCancellationRequested)
            return true;
        _jobs[slot] = null;
        job.Cancel();
        return false;
    }

    private void Finish(int slot, LaneResult result) => Take(slot)!.Finish(result);

    private InspectionJob? Take(int slot)
    {
        InspectionJob? job = _jobs[slot];
        _jobs[slot] = null;
        return job;
    }
}

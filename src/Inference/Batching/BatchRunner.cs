namespace YMaskNet.Inference.Batching;

/// <summary>
/// The one way through: the order of a lane's operations for a batch of inspections, whatever their tasks, in four steps,
/// between which another batch of the lane may have its own. It never looks at what an operation found, so that a lane may run
/// behind; between operations it looks who still waits for an answer. What fails is this batch's alone. The lane's thread
/// owns it.
/// </summary>
internal sealed class BatchRunner
{
    private readonly ILaneBatch _lane;
    private readonly bool _isSemantic;
    private readonly Func<Exception, Exception> _failed;

    // By slot; null where the inspection has ended.
    private readonly InspectionJob?[] _jobs;
    private readonly int[] _slots;

    // Slots that have been prepared.
    private int _count;

    /// <param name="lane">What runs the batches.</param>
    /// <param name="maxBatch">Most inspections of a batch.</param>
    /// <param name="isSemantic">Whether its model segments whole images.</param>
    /// <param name="failed">Is told what went wrong on the lane, once for each exception, and says what the callers get.</param>
    public BatchRunner(ILaneBatch lane, int maxBatch, bool isSemantic, Func<Exception, Exception> failed)
    {
        _lane = lane;
        _isSemantic = isSemantic;
        _failed = failed;
        _jobs = new InspectionJob?[maxBatch];
        _slots = new int[maxBatch];
    }

    /// <summary>Runs a batch; every job of it has ended when it returns.</summary>
    public void Run(ReadOnlySpan<InspectionJob> batch)
    {
        Prepare(batch);
        FindRegions();
        OutlineRegions();
        Finish();
    }

    /// <summary>First step: the frames are on their way to the device.</summary>
    public void Prepare(ReadOnlySpan<InspectionJob> batch)
    {
        _count = 0;
        foreach (InspectionJob job in batch)
        {
            job.Started();
            if (Prepare(_count, job))
                _count++;
        }
    }

    /// <summary>Second step: the first network, and the regions that it finds.</summary>
    public void FindRegions() => Step(static runner =>
    {
        if (runner.Wanted(static _ => true).IsEmpty)
            return;
        runner._lane.RunStage1(runner._count);
        ReadOnlySpan<int> slots = runner.Wanted(static _ => true);
        if (!slots.IsEmpty)
            runner._lane.FindRegions(slots);
    });

    /// <summary>Third step: the second network, for the inspections that need it.</summary>
    public void OutlineRegions() => Step(static runner =>
    {
        if (!runner._isSemantic)
        {
            ReadOnlySpan<int> slots = runner.Wanted(NeedsOutlines);
            if (!slots.IsEmpty)
            {
                runner._lane.AlignRegions(slots);
                if (!runner.Wanted(NeedsOutlines).IsEmpty)
                    runner._lane.RunStage2();
            }
        }

        if (!runner.Wanted(static _ => true).IsEmpty)
            runner._lane.Collect();
    });

    /// <summary>Last step: the answers. Every job of the batch has ended when it returns.</summary>
    public void Finish() => Step(static runner =>
    {
        foreach (int slot in runner.Wanted(static _ => true))
        {
            LaneResult result = runner._lane.Finish(slot);
            runner.Take(slot)!.Finish(result);
        }
    });

    private static bool NeedsOutlines(InspectionJob job) => job.Plan.Task != InspectionTask.Detect;

    private void Step(Action<BatchRunner> step)
    {
        try
        {
            step(this);
        }
        catch (Exception exception)
        {
            // The lane goes on: the failure is this batch's alone, and its callers get it.
            Exception reported = _failed(exception);
            for (int slot = 0; slot < _count; slot++)
                Take(slot)?.Fail(reported);
        }
    }

    private bool Prepare(int slot, InspectionJob job)
    {
        _jobs[slot] = job;
        if (!IsWanted(slot))
            return false;
        try
        {
            _lane.Prepare(slot, job.Frame, job.Plan, job.Outlines);
            return true;
        }
        catch (Exception exception)
        {
            Take(slot)!.Fail(_failed(exception));
            return false;
        }
    }

    /// <summary>The slots whose callers still wait and whose jobs are such; valid until the next call.</summary>
    private ReadOnlySpan<int> Wanted(Func<InspectionJob, bool> isSuch)
    {
        int wanted = 0;
        for (int slot = 0; slot < _count; slot++)
        {
            if (IsWanted(slot) && isSuch(_jobs[slot]!))
                _slots[wanted++] = slot;
        }

        return _slots.AsSpan(0, wanted);
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

    private InspectionJob? Take(int slot)
    {
        InspectionJob? job = _jobs[slot];
        _jobs[slot] = null;
        return job;
    }
}

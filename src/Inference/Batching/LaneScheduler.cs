using Microsoft.Extensions.Logging;
using YMaskNet.Inference.Placement;

namespace YMaskNet.Inference.Batching;

/// <summary>
/// Hands batches of jobs to a model's lanes, each on a thread of its own, and knows nothing else about them. It owns the
/// lanes. A lane whose device is lost ends; after the last one every job is refused.
/// </summary>
internal sealed class LaneScheduler : IDisposable
{
    private readonly JobQueue _queue = new();
    private readonly ServicePace _pace = new();
    private readonly LaneThread[] _threads;
    private readonly TimeSpan _maxBatchDelay;
    private readonly bool _isSemantic;
    private readonly string _model;
    private readonly ILogger _logger;
    private int _lanesLeft;
    private readonly TaskCompletionSource _deviceLost = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <param name="lanes">Make the lanes, at least one, all on the same kind of device.</param>
    /// <param name="maxBatchDelay">How long the oldest job may wait for a batch to fill.</param>
    /// <param name="isSemantic">Whether the model segments whole images.</param>
    /// <param name="model">The model's reference, for thread names and logs.</param>
    /// <param name="logger">Where failures of a lane go.</param>
    /// <remarks>Throws what making a lane throws.</remarks>
    public LaneScheduler(IReadOnlyList<Func<ILane>> lanes, TimeSpan maxBatchDelay, bool isSemantic, string model, ILogger logger)
    {
        _maxBatchDelay = maxBatchDelay;
        _isSemantic = isSemantic;
        _model = model;
        _logger = logger;
        _lanesLeft = lanes.Count;
        _threads = [.. lanes.Select((lane, index) => new LaneThread($"lane {index} of {model}", lane, Serve))];
        try
        {
            ILane[] made = [.. _threads.Select(thread => thread.Lane)];
            ExecutionProvider = made[0].ExecutionProvider;
            Device = made[0].Device;
            Placement = made[0].Placement;
            Capacity = made.Sum(lane => lane.MaxBatch * lane.Batches.Count);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public string ExecutionProvider { get; }

    public string Device { get; }

    /// <summary>What runs where, the same in every lane.</summary>
    public ModelPlacement Placement { get; }

    /// <summary>How many jobs are in hand at once.</summary>
    public int Capacity { get; }

    /// <summary>Ends when a lane has ended because its device is lost; for most lanes never.</summary>
    public Task DeviceLost => _deviceLost.Task;

    /// <summary>How long the jobs that wait now will take the lanes, as far as the last ones tell.</summary>
    public TimeSpan ExpectedWait => _pace.PerInspection * _queue.Count / _threads.Length;

    /// <summary>
    /// Runs a job. A job that is cancelled, or whose deadline passes, while it waits never reaches a lane; one that is
    /// cancelled on a lane ends between two operations. Either way its frame is free when the task ends.
    /// </summary>
    public Task<LaneResult> RunAsync(InspectionJob job)
    {
        try
        {
            job.Enter(_queue);
        }
        catch (InvalidOperationException) when (DeviceLost.IsCompleted)
        {
            return Task.FromException<LaneResult>(Refusal());
        }

        return job.Completion;
    }

    /// <summary>Runs what is still queued, then ends the lanes.</summary>
    public void Dispose()
    {
        _queue.Complete();
        foreach (LaneThread thread in _threads)
            thread.Join();
    }

    private void Serve(LaneThread thread)
    {
        thread.Serve(_queue, _maxBatchDelay, _isSemantic, _pace, exception => Failed(thread.Lane, exception));

        // The last lane leaves nobody waiting.
        if (Interlocked.Decrement(ref _lanesLeft) > 0 || !DeviceLost.IsCompleted)
            return;
        _queue.Complete();
        InspectionJob[] job = new InspectionJob[1];
        while (_queue.Take(job, TimeSpan.Zero) > 0)
            job[0].Fail(Refusal());
    }

    private Exception Failed(ILane lane, Exception exception)
    {
        if (!lane.IsLost)
        {
            // What is refused with a reason is the caller's to know.
            if (exception is not InspectionException)
                PipelineLog.InspectionFailed(_logger, _model, exception);
            return exception;
        }

        PipelineLog.DeviceLost(_logger, _model, Device, exception);
        _deviceLost.TrySetResult();
        return Refusal();
    }

    private InspectionException Refusal() => new(
        InspectionErrorKind.Unavailable,
        "DEVICE_LOST",
        $"The model {_model} has lost its device, {Device}; the server's log says how. It has to be started again.");
}

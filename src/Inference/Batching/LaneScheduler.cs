using System.Diagnostics;
using Microsoft.Extensions.Logging;

namespace YMaskNet.Inference.Batching;

/// <summary>
/// Hands batches of jobs to a model's lanes, each on a thread of its own, and knows nothing else about them. It owns the
/// lanes.
/// </summary>
internal sealed class LaneScheduler : IDisposable
{
    private readonly JobQueue _queue = new();
    private readonly ServicePace _pace = new();
    private readonly IReadOnlyList<ILane> _lanes;
    private readonly Thread[] _threads;
    private readonly TimeSpan _maxBatchDelay;
    private readonly bool _isSemantic;
    private readonly string _model;
    private readonly ILogger _logger;

    /// <param name="lanes">At least one, all on the same kind of device.</param>
    /// <param name="maxBatchDelay">How long the oldest job may wait for a batch to fill.</param>
    /// <param name="isSemantic">Whether the model segments whole images.</param>
    /// <param name="model">The model's reference, for thread names and logs.</param>
    /// <param name="logger">Where failures of a lane go.</param>
    public LaneScheduler(IReadOnlyList<ILane> lanes, TimeSpan maxBatchDelay, bool isSemantic, string model, ILogger logger)
    {
        _lanes = lanes;
        _maxBatchDelay = maxBatchDelay;
        _isSemantic = isSemantic;
        _model = model;
        _logger = logger;
        _threads = new Thread[lanes.Count];
        for (int index = 0; index < _threads.Length; index++)
        {
            ILane lane = lanes[index];
            _threads[index] = new Thread(() => RunLane(lane)) { IsBackground = true, Name = $"lane {index} of {model}" };
            _threads[index].Start();
        }
    }

    public string ExecutionProvider => _lanes[0].ExecutionProvider;

    public string Device => _lanes[0].Device;

    /// <summary>How many jobs run at once.</summary>
    public int Capacity => _lanes.Sum(lane => lane.MaxBatch);

    /// <summary>How long the jobs that wait now will take the lanes, as far as the last ones tell.</summary>
    public TimeSpan ExpectedWait => _pace.PerInspection * _queue.Count / _lanes.Count;

    /// <summary>
    /// Runs a job. A job that is cancelled, or whose deadline passes, while it waits never reaches a lane; one that is
    /// cancelled on a lane ends between two operations. Either way its frame is free when the task ends.
    /// </summary>
    public Task<LaneResult> RunAsync(InspectionJob job)
    {
        job.Enter(_queue);
        return job.Completion;
    }

    /// <summary>Runs what is still queued, then ends the lanes.</summary>
    public void Dispose()
    {
        _queue.Complete();
        foreach (Thread thread in _threads)
            thread.Join();
        foreach (ILane lane in _lanes)
            lane.Dispose();
    }

    private void RunLane(ILane lane)
    {
        BatchRunner runner = new(lane, _isSemantic, exception => PipelineLog.InspectionFailed(_logger, _model, exception));
        InspectionJob[] batch = new InspectionJob[lane.MaxBatch];
        while (_queue.Take(batch, _maxBatchDelay) is > 0 and int count)
        {
            long start = Stopwatch.GetTimestamp();
            runner.Run(batch.AsSpan(0, count));
            _pace.Note(Stopwatch.GetElapsedTime(start), count);

            // A job holds its frame, which is the caller's again.
            Array.Clear(batch);
        }
    }
}

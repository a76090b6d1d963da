using Microsoft.Extensions.Logging;

namespace YMaskNet.Inference.Batching;

/// <summary>
/// Hands jobs to a model's lanes, each on a thread of its own, and knows nothing else about them. It owns the lanes.
/// Batches would form where a lane's thread takes its next job.
/// </summary>
internal sealed class LaneScheduler : IDisposable
{
    private readonly JobQueue _queue = new();
    private readonly IReadOnlyList<ILane> _lanes;
    private readonly Thread[] _threads;
    private readonly bool _isSemantic;
    private readonly string _model;
    private readonly ILogger _logger;

    /// <param name="lanes">At least one, all on the same kind of device.</param>
    /// <param name="isSemantic">Whether the model segments whole images.</param>
    /// <param name="model">The model's reference, for thread names and logs.</param>
    /// <param name="logger">Where failures of a lane go.</param>
    public LaneScheduler(IReadOnlyList<ILane> lanes, bool isSemantic, string model, ILogger logger)
    {
        _lanes = lanes;
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

    /// <summary>
    /// Runs a job. A job that is cancelled while it waits never reaches a lane; one that is cancelled on a lane ends
    /// between two operations. Either way its frame is free when the task ends.
    /// </summary>
    public async Task<LaneResult> RunAsync(InspectionJob job)
    {
        _queue.Add(job);
        CancellationTokenRegistration registration = job.CancellationToken.UnsafeRegister(
            _ =>
            {
                if (_queue.Remove(job))
                    job.Cancel();
            },
            state: null);
        await using (registration.ConfigureAwait(false))
        {
            return await job.Completion.ConfigureAwait(false);
        }
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
        while (_queue.TryTake(out InspectionJob? job))
        {
            job.Started();
            try
            {
                job.Finish(InspectionPipeline.Run(lane, job, _isSemantic));
            }
            catch (OperationCanceledException) when (job.CancellationToken.IsCancellationRequested)
            {
                job.Cancel();
            }
            catch (Exception exception)
            {
                // The lane goes on: the failure is this inspection's alone, and its caller gets it.
                PipelineLog.InspectionFailed(_logger, _model, exception);
                job.Fail(exception);
            }
        }
    }
}

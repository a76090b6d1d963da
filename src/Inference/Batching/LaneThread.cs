using System.Diagnostics;

namespace YMaskNet.Inference.Batching;

/// <summary>A lane's own thread: makes the lane, takes batches for it, and frees it at the end.</summary>
internal sealed class LaneThread
{
    private readonly Func<ILane> _create;
    private readonly Action<LaneThread> _serve;
    private readonly TaskCompletionSource<ILane> _created = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Thread _thread;

    /// <param name="name">The thread's name.</param>
    /// <param name="create">Makes the lane.</param>
    /// <param name="serve">What to do with the lane until it is to end.</param>
    public LaneThread(string name, Func<ILane> create, Action<LaneThread> serve)
    {
        _create = create;
        _serve = serve;
        _thread = new Thread(Run) { IsBackground = true, Name = name };
        _thread.Start();
    }

    /// <summary>The lane; waits until it is made, and throws what making it threw.</summary>
    public ILane Lane => _created.Task.GetAwaiter().GetResult();

    /// <summary>Waits for the end of the thread; there is no lane then.</summary>
    public void Join() => _thread.Join();

    /// <summary>Takes batches from the queue until it is complete, or the device is lost.</summary>
    /// <param name="queue">Where the jobs wait.</param>
    /// <param name="maxBatchDelay">How long the oldest job may wait for a batch to fill, where the lane has nothing to do.</param>
    /// <param name="isSemantic">Whether the model segments whole images.</param>
    /// <param name="pace">Is told how long batches take.</param>
    /// <param name="failed">Is told what went wrong, and says what callers get.</param>
    public void Serve(JobQueue queue, TimeSpan maxBatchDelay, bool isSemantic, ServicePace pace, Func<Exception, Exception> failed)
    {
        ILane lane = Lane;
        bool isLost = false;
        BatchRunner[] runners = [.. lane.Batches.Select(batch => new BatchRunner(batch, lane.MaxBatch, isSemantic, Failed))];
        InspectionJob[] jobs = new InspectionJob[lane.MaxBatch];
        int turn = 0;
        InHand before = default;
        while (true)
        {
            // What is in hand does not wait for more to come.
            int count = before.Runner is null ? queue.Take(jobs, maxBatchDelay) : queue.TakeWaiting(jobs);
            if (count == 0 && before.Runner is null)
                return;
            InHand next = default;
            if (count > 0)
            {
                next = new InHand(runners[turn], count, Stopwatch.GetTimestamp());
                turn = (turn + 1) % runners.Length;
                next.Runner!.Prepare(jobs.AsSpan(0, count));

                // A job holds its frame, which is the caller's again when it ends.
                Array.Clear(jobs);
            }

            // The second network of one batch before the first of the next: whoever came first is answered first.
            before.Runner?.OutlineRegions();
            next.Runner?.FindRegions();
            End(before);
            before = next;
            if (runners.Length == 1 || isLost)
            {
                before.Runner?.OutlineRegions();
                End(before);
                before = default;
            }

            if (isLost)
                return;
        }

        void End(InHand ended)
        {
            if (ended.Runner is null)
                return;
            ended.Runner.Finish();
            pace.Note(Stopwatch.GetElapsedTime(ended.Start), ended.Count);
        }

        Exception Failed(Exception exception)
        {
            isLost |= lane.IsLost;
            return failed(exception);
        }
    }

    private void Run()
    {
        ILane lane;
        try
        {
            lane = _create();
        }
        catch (Exception exception)
        {
            _created.SetException(exception);
            return;
        }

        using (lane)
        {
            _created.SetResult(lane);
            _serve(this);
        }
    }

    /// <summary>A batch that has been begun.</summary>
    private readonly record struct InHand(BatchRunner? Runner, int Count, long Start);
}

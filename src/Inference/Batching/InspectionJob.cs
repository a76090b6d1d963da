using System.Diagnostics;
using YMaskNet.Inference.Frames;

namespace YMaskNet.Inference.Batching;

/// <summary>One inspection's work for a lane. It ends exactly once, and only when no lane uses its frame any more.</summary>
internal sealed class InspectionJob
{
    // Continuations must not run on the lane's thread: encoding results would hold up the next inspection.
    private readonly TaskCompletionSource<LaneResult> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private CancellationTokenRegistration _cancelling;
    private JobQueue? _queue;

    /// <param name="frame">What to inspect.</param>
    /// <param name="plan">What to do.</param>
    /// <param name="outlines">The caller's regions.</param>
    /// <param name="turn">Whose it is and when it runs.</param>
    /// <param name="cancellationToken">Cancelled when the caller has gone.</param>
    public InspectionJob(Frame frame, InspectionPlan plan, RegionOutline[] outlines, JobTurn turn, CancellationToken cancellationToken)
    {
        Frame = frame;
        Plan = plan;
        Outlines = outlines;
        Turn = turn;
        CancellationToken = cancellationToken;
        Node = new LinkedListNode<InspectionJob>(this);
    }

    public Frame Frame { get; }

    public InspectionPlan Plan { get; }

    public ReadOnlyMemory<RegionOutline> Outlines { get; }

    public JobTurn Turn { get; }

    public CancellationToken CancellationToken { get; }

    public Task<LaneResult> Completion => _completion.Task;

    /// <summary>When it was made; a timestamp of <see cref="Stopwatch"/>.</summary>
    public long Created { get; } = Stopwatch.GetTimestamp();

    /// <summary>From its creation until a lane took it.</summary>
    public TimeSpan Queued { get; private set; }

    /// <summary>Its place in the queue; only the queue may look at it.</summary>
    public LinkedListNode<InspectionJob> Node { get; }

    /// <summary>Waits for a lane from now on; where it is cancelled before a lane takes it, it leaves the queue and ends.</summary>
    /// <exception cref="InvalidOperationException">The queue is complete.</exception>
    public void Enter(JobQueue queue)
    {
        // First, so that it is there to be undone however soon the job ends.
        _queue = queue;
        _cancelling = CancellationToken.UnsafeRegister(static job => ((InspectionJob)job!).Withdraw(), this);
        try
        {
            queue.Add(this);
        }
        catch (InvalidOperationException)
        {
            _cancelling.Unregister();
            throw;
        }

        // A cancellation before the job was there found nothing to take out.
        if (CancellationToken.IsCancellationRequested)
            Withdraw();
    }

    public void Started() => Queued = Stopwatch.GetElapsedTime(Created);

    public void Finish(LaneResult result)
    {
        _cancelling.Unregister();
        _completion.SetResult(result);
    }

    public void Fail(Exception exception)
    {
        _cancelling.Unregister();
        _completion.SetException(exception);
    }

    /// <summary>Ends a job that nobody needs any more, before a lane took it.</summary>
    public void Expire() => Fail(DeadlinePassed());

    /// <summary>Why a job ends whose deadline has passed.</summary>
    public static InspectionException DeadlinePassed() => new(
        InspectionErrorKind.DeadlineExceeded, "DEADLINE_PASSED", "The deadline passed before the image was inspected.");

    public void Cancel()
    {
        _cancelling.Unregister();
        _completion.SetCanceled(CancellationToken);
    }

    private void Withdraw()
    {
        if (_queue!.Remove(this))
            Cancel();
    }
}

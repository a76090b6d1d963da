using System.Threading.Tasks.Sources;

namespace YMaskNet.Server.Sessions;

/// <summary>
/// The places of a session's unanswered frames. One at a time waits for a place, any thread gives places back. Unlike a
/// semaphore's, its waiting allocates nothing.
/// </summary>
internal sealed class FramePlaces : IValueTaskSource
{
    private readonly Lock _gate = new();
    private int _free;
    private bool _isWaiting;

    // The waiter goes on elsewhere: it must not carry on the thread that answers.
    private ManualResetValueTaskSourceCore<bool> _wait = new() { RunContinuationsAsynchronously = true };

    /// <param name="count">Places, all free.</param>
    public FramePlaces(int count) => _free = count;

    /// <summary>Takes a place when one is free. The task is awaited before the next call.</summary>
    /// <exception cref="OperationCanceledException">From <see cref="Cancel"/> on, where none is free.</exception>
    public ValueTask TakeAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (_free > 0)
            {
                _free--;
                return ValueTask.CompletedTask;
            }

            _isWaiting = true;
            _wait.Reset();
            return new ValueTask(this, _wait.Version);
        }
    }

    /// <summary>Gives a place back.</summary>
    public void Release()
    {
        lock (_gate)
        {
            if (!StopWaiting())
            {
                _free++;
                return;
            }
        }

        _wait.SetResult(true);
    }

    /// <summary>Ends the waiting without a place.</summary>
    /// <param name="cancellationToken">Why; it is cancelled.</param>
    public void Cancel(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (!StopWaiting())
                return;
        }

        _wait.SetException(new OperationCanceledException(cancellationToken));
    }

    void IValueTaskSource.GetResult(short token) => _wait.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => _wait.GetStatus(token);

    void IValueTaskSource.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _wait.OnCompleted(continuation, state, token, flags);

    private bool StopWaiting()
    {
        bool wasWaiting = _isWaiting;
        _isWaiting = false;
        return wasWaiting;
    }
}

namespace YMaskNet.Inference.Batching;

/// <summary>
/// Bounds the inspections in hand, from before their images are decoded until their results are encoded, so that memory is
/// bounded and overload is refused before it costs anything.
/// </summary>
internal sealed class Admission : IDisposable
{
    private readonly SemaphoreSlim _places;
    private readonly int _capacity;
    private readonly string _model;
    private readonly Func<TimeSpan> _expectedWait;
    private volatile bool _closed;

    /// <param name="capacity">Inspections in hand at once: those that lanes run and those that wait.</param>
    /// <param name="model">The model, for messages.</param>
    /// <param name="expectedWait">How long those who wait now will take.</param>
    public Admission(int capacity, string model, Func<TimeSpan> expectedWait)
    {
        _expectedWait = expectedWait;
        _capacity = capacity;
        _model = model;
        _places = new SemaphoreSlim(capacity, capacity);
    }

    /// <summary>Takes a place; disposing it gives it back.</summary>
    /// <exception cref="InspectionException">All places are taken and the policy is to refuse, or the engine stops.</exception>
    public async ValueTask<Place> EnterAsync(QueuePolicy policy, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        ThrowIfClosed();
        if (policy == QueuePolicy.Wait)
        {
            await _places.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        else if (!_places.Wait(0, CancellationToken.None))
        {
            throw new InspectionException(
                InspectionErrorKind.ResourceExhausted,
                "QUEUE_FULL",
                $"The model {_model} has {_capacity} inspections in hand; try again later.")
            {
                RetryAfter = _expectedWait(),
            };
        }

        Place place = new(_places);
        if (_closed)
        {
            place.Dispose();
            ThrowIfClosed();
        }

        return place;
    }

    /// <summary>Lets nobody in any more and returns when everybody has left.</summary>
    public async Task CloseAsync()
    {
        _closed = true;
        for (int taken = 0; taken < _capacity; taken++)
            await _places.WaitAsync().ConfigureAwait(false);

        // Whoever waits for a place finds it free, and the door closed.
        _places.Release(_capacity);
    }

    public void Dispose() => _places.Dispose();

    private void ThrowIfClosed()
    {
        if (_closed)
            throw new InspectionException(InspectionErrorKind.Unavailable, "SERVER_STOPPING", "The server is stopping; it takes no more inspections.");
    }

    /// <summary>A place of an inspection in hand.</summary>
    internal readonly struct Place(SemaphoreSlim places) : IDisposable
    {
        public void Dispose() => places.Release();
    }
}

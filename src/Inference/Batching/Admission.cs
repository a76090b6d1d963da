using System.Runtime.InteropServices;

namespace YMaskNet.Inference.Batching;

/// <summary>
/// Bounds the inspections in hand, from before their images are decoded until their results are encoded, so that memory is
/// bounded and overload is refused before it costs anything. While several flows have inspections in hand, each may have an
/// equal share of the places, even where others leave theirs free: flows take turns on the lanes, so the last of a flow with
/// more would wait longer than for everybody before it.
/// </summary>
internal sealed class Admission
{
    // Never disposed of: who waited for a place gives it back, maybe after the model has gone; there is no handle to free.
    private readonly SemaphoreSlim _places;

    // Of the flows that have any, how many inspections each has in hand. Guarded by itself.
    private readonly Dictionary<InspectionFlow, int> _held = [];
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
    /// <exception cref="InspectionException">
    /// The policy is to refuse, and all places or the flow's share of them are taken; or the engine stops.
    /// </exception>
    public async ValueTask<Place> EnterAsync(InspectionFlow flow, QueuePolicy policy, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        ThrowIfClosed();
        if (policy == QueuePolicy.Wait)
        {
            await _places.WaitAsync(cancellationToken).ConfigureAwait(false);
            Hold(flow);
        }
        else if (!_places.Wait(0, CancellationToken.None))
        {
            throw Full($"has {_capacity} inspections in hand");
        }
        else if (!TryHold(flow, out int share))
        {
            _places.Release();
            throw Full($"has {share} inspections of this connection in hand, its share while others wait too");
        }

        Place place = new(this, flow);
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

    private void ThrowIfClosed()
    {
        if (_closed)
            throw new InspectionException(InspectionErrorKind.Unavailable, "SERVER_STOPPING", "The server is stopping; it takes no more inspections.");
    }

    private void Hold(InspectionFlow flow)
    {
        lock (_held)
            CollectionsMarshal.GetValueRefOrAddDefault(_held, flow, out _)++;
    }

    /// <summary>Counts an inspection to its flow, unless the flow has its share already.</summary>
    private bool TryHold(InspectionFlow flow, out int share)
    {
        lock (_held)
        {
            ref int held = ref CollectionsMarshal.GetValueRefOrAddDefault(_held, flow, out _);

            // Rounded up, so that no place stays free while somebody is refused for want of a whole one.
            share = (_capacity + _held.Count - 1) / _held.Count;
            if (held >= share)
                return false;
            held++;
            return true;
        }
    }

    private void Leave(InspectionFlow flow)
    {
        lock (_held)
        {
            ref int held = ref CollectionsMarshal.GetValueRefOrNullRef(_held, flow);
            if (--held == 0)
                _held.Remove(flow);
        }

        _places.Release();
    }

    private InspectionException Full(string state) =>
        new(InspectionErrorKind.ResourceExhausted, "QUEUE_FULL", $"The model {_model} {state}; try again later.")
        {
            RetryAfter = _expectedWait(),
        };

    /// <summary>A place of an inspection in hand.</summary>
    internal readonly struct Place(Admission admission, InspectionFlow flow) : IDisposable
    {
        public void Dispose() => admission.Leave(flow);
    }
}

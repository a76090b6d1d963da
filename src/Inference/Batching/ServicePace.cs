namespace YMaskNet.Inference.Batching;

/// <summary>How long an inspection takes a model's lanes, from those of the last while.</summary>
internal sealed class ServicePace
{
    // Of the latest batch; about the last ten count.
    private const double Weight = 0.1;

    private readonly object _gate = new();
    private double _seconds;

    /// <summary>Time of the lanes for one inspection; zero before the first.</summary>
    public TimeSpan PerInspection
    {
        get
        {
            lock (_gate)
                return TimeSpan.FromSeconds(_seconds);
        }
    }

    /// <summary>Notes a batch.</summary>
    public void Note(TimeSpan batchTime, int inspections)
    {
        double seconds = batchTime.TotalSeconds / inspections;
        lock (_gate)
            _seconds = _seconds == 0 ? seconds : _seconds + (Weight * (seconds - _seconds));
    }
}

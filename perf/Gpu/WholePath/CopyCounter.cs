using System.Diagnostics.Metrics;
using YMaskNet.Inference.Gpu;

namespace YMaskNet.Perf.Gpu.WholePath;

/// <summary>Listens to every copy between the host and a device that the library makes in this process.</summary>
internal sealed class CopyCounter : IDisposable
{
    private readonly MeterListener _listener = new();
    private readonly Lock _gate = new();
    private readonly List<Copy> _copies = [];

    public CopyCounter()
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == CopyMeter.Name && instrument.Name == CopyMeter.SizeInstrument)
                listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<long>(Note);
        _listener.Start();
    }

    /// <summary>The copies since the last call, in their order.</summary>
    public IReadOnlyList<Copy> Take()
    {
        lock (_gate)
        {
            Copy[] taken = [.. _copies];
            _copies.Clear();
            return taken;
        }
    }

    public void Dispose() => _listener.Dispose();

    private void Note(Instrument instrument, long bytes, ReadOnlySpan<KeyValuePair<string, object?>> tags, object? state)
    {
        bool isToDevice = false;
        foreach (KeyValuePair<string, object?> tag in tags)
            isToDevice |= tag.Key == CopyMeter.DirectionTag && CopyMeter.ToDeviceDirection.Equals(tag.Value);
        lock (_gate)
            _copies.Add(new Copy(isToDevice, bytes));
    }
}

/// <summary>A copy between the host and a device.</summary>
/// <param name="IsToDevice">Which way.</param>
/// <param name="Bytes">How much.</param>
internal readonly record struct Copy(bool IsToDevice, long Bytes);

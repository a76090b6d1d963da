using ManagedCuda;
using ManagedCuda.BasicTypes;
using YMaskNet.Inference.Gpu;
using YMaskNet.Inference.Gpu.Memory;
using YMaskNet.Perf.Gpu.Machines;

namespace YMaskNet.Perf.Gpu.Timing;

/// <summary>
/// Times work on a device by events around it. Before each round memory larger than any level 2 cache is written, so that the
/// work finds nothing there, and the host, which meanwhile enqueues, does not count.
/// </summary>
internal sealed class KernelTimer : IDisposable
{
    private const int WarmUpRounds = 3;

    private readonly OwnedResources _owned = new();
    private readonly DeviceMachine _machine;
    private readonly CudaEvent[] _starts;
    private readonly CudaEvent[] _ends;
    private readonly DeviceBuffer? _flushed;

    /// <param name="machine">The device.</param>
    /// <param name="rounds">Of which the median counts.</param>
    /// <param name="flushBytes">How much is written before each round; 0: nothing.</param>
    /// <exception cref="InspectionException">The device has too little memory.</exception>
    public KernelTimer(DeviceMachine machine, int rounds, long flushBytes)
    {
        _machine = machine;
        try
        {
            _starts = Events(rounds);
            _ends = Events(rounds);
            if (flushBytes > 0)
                _flushed = _owned.Add(new DeviceBuffer(flushBytes, "clearing the cache"));
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    private CUstream Stream => _machine.Stream.Stream;

    /// <summary>The median time on the device. Unit: microseconds.</summary>
    /// <param name="prepare">Enqueues what has to be done before each round and does not count.</param>
    /// <param name="work">Enqueues what counts.</param>
    public double Median(Action prepare, Action work)
    {
        for (int round = 0; round < WarmUpRounds; round++)
        {
            prepare();
            work();
        }

        for (int round = 0; round < _starts.Length; round++)
        {
            prepare();
            if (_flushed is not null)
                CudaCalls.Clear(_flushed.Pointer, _flushed.Bytes, _machine.Stream);
            _starts[round].Record(Stream);
            work();
            _ends[round].Record(Stream);
        }

        _machine.Stream.Synchronize();
        double[] times = [.. _starts.Zip(_ends, (start, end) => 1000.0 * CudaEvent.ElapsedTime(start, end))];
        return Medians.Of(times);
    }

    public void Dispose() => _owned.Dispose();

    private CudaEvent[] Events(int count) =>
        [.. Enumerable.Range(0, count).Select(_ => _owned.Add(new CudaEvent(CUEventFlags.Default)))];
}

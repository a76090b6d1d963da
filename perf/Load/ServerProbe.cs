using System.Diagnostics;
using System.Diagnostics.Tracing;
using System.Globalization;
using Microsoft.Diagnostics.NETCore.Client;
using Microsoft.Diagnostics.Tracing;

namespace YMaskNet.Perf.Load;

/// <summary>Watches a server's process from outside: the system's account of it, and .NET's own counters over its diagnostic port.</summary>
internal sealed class ServerProbe : IDisposable
{
    private const string CountersEvent = "EventCounters";

    private readonly Process _process;
    private readonly EventPipeSession _session;
    private readonly EventPipeEventSource _source;
    private readonly Thread _reading;
    private readonly Lock _gate = new();
    private readonly TimeSpan _cpuAtStart;
    private readonly long _residentAtStart;
    private double _allocated;
    private double _gen2Collections;

    /// <param name="processId">The server's.</param>
    /// <param name="interval">How often it is to tell its counters, which takes some ten kilobytes of its memory each time.</param>
    public ServerProbe(int processId, TimeSpan interval)
    {
        Interval = interval;
        _process = Process.GetProcessById(processId);
        EventPipeProvider runtime = new(
            "System.Runtime", EventLevel.Informational, arguments: new Dictionary<string, string>
            {
                ["EventCounterIntervalSec"] = interval.TotalSeconds.ToString(CultureInfo.InvariantCulture),
            });
        _session = new DiagnosticsClient(processId).StartEventPipeSession(runtime, requestRundown: false);
        _source = new EventPipeEventSource(_session.EventStream);
        _source.Dynamic.All += Note;
        _reading = new Thread(() => _source.Process()) { IsBackground = true, Name = "server's counters" };
        _reading.Start();
        _cpuAtStart = _process.TotalProcessorTime;
        _residentAtStart = _process.WorkingSet64;
    }

    /// <summary>How old counters may be.</summary>
    public TimeSpan Interval { get; }

    /// <summary>What the process has taken since the probe was made.</summary>
    public ServerUse Read()
    {
        _process.Refresh();
        lock (_gate)
        {
            return new ServerUse(
                (_process.TotalProcessorTime - _cpuAtStart).TotalSeconds,
                _allocated,
                (long)_gen2Collections,
                _residentAtStart,
                _process.WorkingSet64);
        }
    }

    public void Dispose()
    {
        _session.Stop();
        _reading.Join();
        _source.Dispose();
        _session.Dispose();
        _process.Dispose();
    }

    private void Note(TraceEvent counters)
    {
        if (counters.EventName != CountersEvent
            || counters.PayloadValue(0) is not IDictionary<string, object> outer
            || outer["Payload"] is not IDictionary<string, object> counter
            || !counter.TryGetValue("Increment", out object? increment))
        {
            return;
        }

        double value = Convert.ToDouble(increment, CultureInfo.InvariantCulture);
        lock (_gate)
        {
            switch (counter["Name"])
            {
                case "alloc-rate":
                    _allocated += value;
                    break;

                case "gen-2-gc-count":
                    _gen2Collections += value;
                    break;
            }
        }
    }
}

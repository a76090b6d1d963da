using ManagedCuda;
using ManagedCuda.BasicTypes;
using Microsoft.ML.OnnxRuntime;
using YMaskNet.Gpu.Tests.StandIn;
using YMaskNet.Inference.Gpu.Networks;
using YMaskNet.Inference.Placement;

namespace YMaskNet.Gpu.Tests.Lanes;

/// <summary>
/// ONNX Runtime over the stand-in driver: its CPU provider, bound to the stand-in's device memory, run by a function of the host
/// in the lane's stream, so that it comes in its turn as on a GPU.
/// </summary>
internal sealed class StandInNetworkProvider : INetworkProvider
{
    public const string Name = "StandInExecutionProvider";

    private readonly Dictionary<Action, int> _numbers = [];
    private readonly List<Action> _runs = [];
    private readonly List<int> _runCounts = [];
    private readonly CUhostFn _call;

    public StandInNetworkProvider() => _call = Call;

    /// <summary>An operator that it counts as one that a device lacks, so that its nodes have fallen back to the CPU.</summary>
    public string? LackedOperator { get; init; }

    public string ExecutionProvider => Name;

    public bool RunsItself(NodePlacement node) => node.Operator != LackedOperator;

    public OrtMemoryInfo CreateMemoryInfo(int device) => new("Cpu", OrtAllocatorType.DeviceAllocator, 0, OrtMemType.Default);

    public SessionOptions CreateSessionOptions(int device, CUstream stream) => new()
    {
        IntraOpNumThreads = 1,
        LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR,
    };

    /// <summary>How often each binding has run, in the order of their first runs.</summary>
    public IReadOnlyList<int> RunCounts => _runCounts;

    /// <summary>What it was asked to record, by networks in the order in which they were made.</summary>
    public List<int?> Recordings { get; } = [];

    public RunOptions CreateRunOptions(int? recording)
    {
        Recordings.Add(recording);
        return new RunOptions();
    }

    public void Enqueue(CUstream stream, Action run) =>
        CudaErrors.Succeeds(DriverAPINativeMethods.Launch.cuLaunchHostFunc(stream, _call, NumberOf(run)));

    private int NumberOf(Action run)
    {
        lock (_runs)
        {
            if (_numbers.TryGetValue(run, out int known))
                return known;
            _runs.Add(run);
            _runCounts.Add(0);
            _numbers.Add(run, _runs.Count - 1);
            return _runs.Count - 1;
        }
    }

    private void Call(nint number)
    {
        try
        {
            Action run;
            lock (_runs)
            {
                run = _runs[(int)number];
                _runCounts[(int)number]++;
            }

            run();
        }
        catch (Exception exception)
        {
            // There is no way back through the driver.
            Environment.FailFast($"A network failed in the stream: {exception}");
        }
    }
}

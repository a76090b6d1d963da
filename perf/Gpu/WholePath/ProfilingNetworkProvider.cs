using System.Globalization;
using ManagedCuda.BasicTypes;
using Microsoft.ML.OnnxRuntime;
using YMaskNet.Inference.Gpu.Networks;

namespace YMaskNet.Perf.Gpu.WholePath;

/// <summary>Another provider whose sessions write profiles when they end.</summary>
/// <param name="inner">Where networks run.</param>
/// <param name="folder">Where the profiles are to lie.</param>
internal sealed class ProfilingNetworkProvider(INetworkProvider inner, string folder) : INetworkProvider
{
    private int _sessions;

    public string ExecutionProvider => inner.ExecutionProvider;

    public OrtMemoryInfo CreateMemoryInfo(int device) => inner.CreateMemoryInfo(device);

    public SessionOptions CreateSessionOptions(int device, CUstream stream, bool allowsCpuFallback)
    {
        SessionOptions options = inner.CreateSessionOptions(device, stream, allowsCpuFallback);
        string name = Interlocked.Increment(ref _sessions).ToString("D2", CultureInfo.InvariantCulture);
        options.ProfileOutputPathPrefix = Path.Combine(folder, $"network-{name}");
        options.EnableProfiling = true;
        return options;
    }

    public RunOptions CreateRunOptions() => inner.CreateRunOptions();

    public void Enqueue(CUstream stream, Action run) => inner.Enqueue(stream, run);
}

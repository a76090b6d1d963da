using System.Globalization;
using ManagedCuda.BasicTypes;
using Microsoft.ML.OnnxRuntime;
using YMaskNet.Inference.Placement;

namespace YMaskNet.Inference.Gpu.Networks;

/// <summary>ONNX Runtime's CUDA provider: it enqueues a run's kernels on the lane's stream, and does not wait for them.</summary>
/// <param name="usesGraphs">
/// Whether ONNX Runtime records a binding's kernels as a CUDA graph, at its second run, and replays them from then on.
/// </param>
internal sealed class CudaNetworkProvider(bool usesGraphs) : INetworkProvider
{
    private const int NoRecording = -1;

    public string ExecutionProvider => "CUDAExecutionProvider";

    public bool RunsItself(NodePlacement node) => node.ExecutionProvider == ExecutionProvider;

    public OrtMemoryInfo CreateMemoryInfo(int device) => new("Cuda", OrtAllocatorType.DeviceAllocator, device, OrtMemType.Default);

    public SessionOptions CreateSessionOptions(int device, CUstream stream)
    {
        SessionOptions options = GpuSessionOptions.Create();
        using OrtCUDAProviderOptions cuda = new();

        // All in one call: each call puts whatever it does not name back to its default.
        cuda.UpdateOptions(new Dictionary<string, string>
        {
            ["device_id"] = device.ToString(CultureInfo.InvariantCulture),
            ["has_user_compute_stream"] = "1",
            ["user_compute_stream"] = ((ulong)stream.Pointer).ToString(CultureInfo.InvariantCulture),
            ["do_copy_in_default_stream"] = "1",

            // Its ten bits of a mantissa would move scores by more than golden images allow.
            ["use_tf32"] = "0",
            ["enable_cuda_graph"] = usesGraphs ? "1" : "0",
        });
        options.AppendExecutionProvider_CUDA(cuda);
        return options;
    }

    public RunOptions CreateRunOptions(int? recording)
    {
        RunOptions options = new();
        options.AddRunConfigEntry("disable_synchronize_execution_providers", "1");

        if (usesGraphs)
            options.AddRunConfigEntry("gpu_graph_id", (recording ?? NoRecording).ToString(CultureInfo.InvariantCulture));
        return options;
    }

    // Running is enqueueing.
    public void Enqueue(CUstream stream, Action run) => run();
}

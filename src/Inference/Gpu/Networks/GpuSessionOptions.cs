using Microsoft.ML.OnnxRuntime;

namespace YMaskNet.Inference.Gpu.Networks;

/// <summary>What sessions of a GPU lane have in common, whatever the provider.</summary>
internal static class GpuSessionOptions
{
    /// <param name="allowsCpuFallback">
    /// Whether nodes that the device can't run may run on the CPU; else ONNX Runtime refuses such a network and names none silently.
    /// </param>
    public static SessionOptions Create(bool allowsCpuFallback)
    {
        SessionOptions options = new()
        {
            // The host's part is to enqueue.
            IntraOpNumThreads = 1,
            InterOpNumThreads = 1,
            ExecutionMode = ExecutionMode.ORT_SEQUENTIAL,
            GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_ALL,
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR,
        };
        if (!allowsCpuFallback)
            options.AddSessionConfigEntry("session.disable_cpu_ep_fallback", "1");
        return options;
    }
}

using Microsoft.ML.OnnxRuntime;

namespace YMaskNet.Inference.Gpu.Networks;

/// <summary>What sessions of a GPU lane have in common, whatever the provider.</summary>
internal static class GpuSessionOptions
{
    public static SessionOptions Create() => new()
    {
        // The host's part is to enqueue.
        IntraOpNumThreads = 1,
        InterOpNumThreads = 1,
        ExecutionMode = ExecutionMode.ORT_SEQUENTIAL,
        GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_ALL,

        // What fails comes as an exception, to be told once.
        LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL,
    };
}

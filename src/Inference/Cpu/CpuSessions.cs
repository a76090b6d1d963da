using Microsoft.ML.OnnxRuntime;

namespace YMaskNet.Inference.Cpu;

/// <summary>How ONNX Runtime's CPU provider runs a lane's networks.</summary>
internal static class CpuSessions
{
    /// <param name="intraOpThreads">Threads inside one operator, the lane's own thread among them.</param>
    /// <param name="laneCount">Lanes that share the cores.</param>
    public static SessionOptions Options(int intraOpThreads, int laneCount)
    {
        SessionOptions options = new()
        {
            IntraOpNumThreads = intraOpThreads,
            InterOpNumThreads = 1,
            ExecutionMode = ExecutionMode.ORT_SEQUENTIAL,
            GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_ALL,

            // What fails comes as an exception, to be told once.
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL,
        };

        // Without dot products of 8 bits, x64's kernels for signed weights overflow in 16 bits; ONNX Runtime has slower ones
        // that don't. It takes these where they are asked for, needed or not: with VNNI they are half as fast.
        if (!Int8DotProduct.IsSupported)
            options.AddSessionConfigEntry("session.x64quantprecision", "1");

        // Threads that spin while they wait take the cores from other lanes; with one lane, from the other network and from
        // the operators between the two, unless they stop with the run.
        if (laneCount > 1)
            options.AddSessionConfigEntry("session.intra_op.allow_spinning", "0");
        else
            options.AddSessionConfigEntry("session.force_spinning_stop", "1");
        return options;
    }
}

using ManagedCuda.BasicTypes;
using Microsoft.ML.OnnxRuntime;
using YMaskNet.Inference.Placement;

namespace YMaskNet.Inference.Gpu.Networks;

/// <summary>Where ONNX Runtime runs a GPU lane's networks, and how their runs come into the lane's stream.</summary>
internal interface INetworkProvider
{
    /// <summary>ONNX Runtime's name of it.</summary>
    string ExecutionProvider { get; }

    /// <summary>Whether a node has run where the lane runs; else it has fallen back to the CPU.</summary>
    bool RunsItself(NodePlacement node);

    /// <summary>Where ONNX Runtime has a device's memory to be.</summary>
    OrtMemoryInfo CreateMemoryInfo(int device);

    /// <summary>How sessions run on a device.</summary>
    /// <param name="device">The driver's number.</param>
    /// <param name="stream">The lane's compute stream.</param>
    SessionOptions CreateSessionOptions(int device, CUstream stream);

    /// <summary>How the runs of a binding run.</summary>
    /// <param name="recording">
    /// The recording's number in the network, where the binding's kernels may be recorded at the start; else
    /// <see langword="null"/>. What is recorded holds the binding's addresses.
    /// </param>
    RunOptions CreateRunOptions(int? recording);

    /// <summary>Puts a network's run into the stream, in the order of the work there.</summary>
    /// <param name="stream">The lane's compute stream.</param>
    /// <param name="run">Runs the network on what is bound; the same for every run of a binding.</param>
    void Enqueue(CUstream stream, Action run);
}

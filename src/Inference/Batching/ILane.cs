using YMaskNet.Inference.Placement;

namespace YMaskNet.Inference.Batching;

/// <summary>
/// What runs batches of inspections on a device: the networks, the buffers, and the operators between them. The thread that
/// makes a lane owns it, and disposes of it.
/// </summary>
internal interface ILane : IDisposable
{
    /// <summary>ONNX Runtime's execution provider, for example <c>CPUExecutionProvider</c>.</summary>
    string ExecutionProvider { get; }

    /// <summary>The device, for example <c>cpu</c>.</summary>
    string Device { get; }

    /// <summary>What runs where.</summary>
    ModelPlacement Placement { get; }

    /// <summary>Most inspections in a batch. Range: >= 1.</summary>
    int MaxBatch { get; }

    /// <summary>
    /// The batches that it can have in hand at the same time, at least one; they take turns. With two, the frames of the next
    /// go to the device while it computes the one before.
    /// </summary>
    IReadOnlyList<ILaneBatch> Batches { get; }

    /// <summary>Whether the device is lost, so that nothing will run here any more. Asked after a failure.</summary>
    bool IsLost { get; }
}

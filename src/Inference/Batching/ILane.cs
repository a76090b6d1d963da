using YMaskNet.Inference.Detection;
using YMaskNet.Inference.Frames;

namespace YMaskNet.Inference.Batching;

/// <summary>
/// What runs inspections on a device: the networks, the buffers of one inspection, and the operators between them. One
/// thread owns a lane. An operation may only enqueue its work; the finishing ones wait for it. What they return owns its
/// memory: nothing of it changes with the next inspection.
/// </summary>
internal interface ILane : IDisposable
{
    /// <summary>ONNX Runtime's execution provider, for example <c>CPUExecutionProvider</c>.</summary>
    string ExecutionProvider { get; }

    /// <summary>The device, for example <c>cpu</c>.</summary>
    string Device { get; }

    /// <summary>Starts an inspection: letterboxes and normalises the frame into the first network's input.</summary>
    void Prepare(Frame frame);

    /// <summary>Runs the first network; for a semantic model the whole one.</summary>
    void RunStage1();

    /// <summary>Decodes the heads and suppresses overlapping boxes; the candidates become the regions.</summary>
    void Detect(in DetectionLimits limits);

    /// <summary>Takes the caller's boxes as the regions, in place of <see cref="Detect"/>.</summary>
    /// <param name="outlines">In image pixels, inside the image; at most the model's maximal RoI count.</param>
    void TakeRegions(ReadOnlySpan<RegionOutline> outlines);

    /// <summary>Cuts the second network's input for every region.</summary>
    void AlignRegions();

    /// <summary>Runs the second network on all regions.</summary>
    void RunStage2();

    /// <summary>The candidates of <see cref="Detect"/> as they are.</summary>
    LaneResult FinishDetected();

    /// <summary>The candidates of <see cref="Detect"/>, refined and outlined, those at or above a score.</summary>
    LaneResult FinishRefined(float minScore);

    /// <summary>One instance for each of the caller's regions, in their order.</summary>
    LaneResult FinishOutlined();

    /// <summary>The class of every pixel of the image.</summary>
    LaneResult FinishClassMap();
}

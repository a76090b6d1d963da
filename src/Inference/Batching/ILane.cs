using YMaskNet.Inference.Detection;
using YMaskNet.Inference.Frames;

namespace YMaskNet.Inference.Batching;

/// <summary>
/// What runs a batch of inspections on a device: the networks, the buffers of the batch, and the operators between them. One
/// thread owns a lane. Each inspection of a batch has a slot, 0 to <see cref="MaxBatch"/> - 1, filled from the first on. An
/// operation may only enqueue its work; the finishing ones wait for it. What they return owns its memory: nothing of it
/// changes with the next batch.
/// </summary>
internal interface ILane : IDisposable
{
    /// <summary>ONNX Runtime's execution provider, for example <c>CPUExecutionProvider</c>.</summary>
    string ExecutionProvider { get; }

    /// <summary>The device, for example <c>cpu</c>.</summary>
    string Device { get; }

    /// <summary>Most inspections in a batch. Range: >= 1.</summary>
    int MaxBatch { get; }

    /// <summary>Starts a slot's inspection: letterboxes and normalises the frame into the first network's input.</summary>
    void Prepare(int slot, Frame frame);

    /// <summary>Runs the first network on the first slots; for a semantic model the whole one.</summary>
    /// <param name="count">How many slots have been prepared. Range: 1 to <see cref="MaxBatch"/>.</param>
    void RunStage1(int count);

    /// <summary>Decodes a slot's heads and suppresses overlapping boxes; the candidates become its regions.</summary>
    void Detect(int slot, in DetectionLimits limits);

    /// <summary>Takes the caller's boxes as a slot's regions, in place of <see cref="Detect"/>.</summary>
    /// <param name="slot">The slot.</param>
    /// <param name="outlines">In image pixels, inside the image; at most the model's maximal RoI count.</param>
    void TakeRegions(int slot, ReadOnlySpan<RegionOutline> outlines);

    /// <summary>Cuts the second network's input for every region of some slots.</summary>
    void AlignRegions(ReadOnlySpan<int> slots);

    /// <summary>Runs the second network on all regions that were cut.</summary>
    void RunStage2();

    /// <summary>The candidates of <see cref="Detect"/> as they are.</summary>
    LaneResult FinishDetected(int slot);

    /// <summary>The candidates of <see cref="Detect"/>, refined and outlined, those at or above a score.</summary>
    LaneResult FinishRefined(int slot, float minScore);

    /// <summary>One instance for each of the caller's regions, in their order.</summary>
    LaneResult FinishOutlined(int slot);

    /// <summary>The class of every pixel of the image.</summary>
    LaneResult FinishClassMap(int slot);
}

using YMaskNet.Inference.Frames;

namespace YMaskNet.Inference.Batching;

/// <summary>
/// A batch in a lane's hand. Each inspection has a slot, 0 to the lane's <see cref="ILane.MaxBatch"/> - 1, filled from the
/// first on. An operation may only enqueue its work; <see cref="Finish"/> waits for it. Where a lane has several batches, one's
/// <see cref="AlignRegions"/> and <see cref="RunStage2"/> come after the one before has been collected, and its
/// <see cref="RunStage2"/> after that has been finished.
/// </summary>
internal interface ILaneBatch
{
    /// <summary>Starts a slot's inspection: the frame is on its way to the device, and not needed after this.</summary>
    /// <param name="slot">The slot; slot 0 begins a new batch.</param>
    /// <param name="frame">What to inspect.</param>
    /// <param name="plan">What to do with it.</param>
    /// <param name="outlines">
    /// The caller's boxes where the plan takes them: in image pixels, inside the image, at most the model's maximal RoI count.
    /// </param>
    void Prepare(int slot, Frame frame, InspectionPlan plan, ReadOnlyMemory<RegionOutline> outlines);

    /// <summary>Runs the first network on the first slots; for a semantic model the whole one.</summary>
    /// <param name="count">How many slots have been prepared. Range: 1 to <see cref="ILane.MaxBatch"/>.</param>
    void RunStage1(int count);

    /// <summary>
    /// What follows the first network in each of these slots: heads are decoded and overlapping boxes suppressed, or the caller's
    /// boxes are taken, and become the slot's regions; of a semantic model the classes of the pixels.
    /// </summary>
    void FindRegions(ReadOnlySpan<int> slots);

    /// <summary>Cuts the second network's input for every region of some slots.</summary>
    void AlignRegions(ReadOnlySpan<int> slots);

    /// <summary>Runs the second network on all regions that were cut, refines their boxes and makes their masks.</summary>
    void RunStage2();

    /// <summary>No operation follows but <see cref="Finish"/>: the results may go to the host.</summary>
    void Collect();

    /// <summary>Waits for a slot's result, which owns its memory: nothing of it changes with a later batch.</summary>
    LaneResult Finish(int slot);
}

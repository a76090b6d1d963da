using YMaskNet.Inference.Detection;
using YMaskNet.Inference.Frames;
using YMaskNet.Inference.Gpu.Kernels;

namespace YMaskNet.Perf.Gpu.Verification;

/// <summary>Slots as the server fills them.</summary>
internal static class CaseSlots
{
    /// <summary>An image fitted into a network's input.</summary>
    public static KernelSlot Fitted(KernelTask task, int imageWidth, int imageHeight, int networkWidth, int networkHeight)
    {
        KernelSlot slot = KernelSlot.Of(task, Letterbox.Fit(imageWidth, imageHeight, networkWidth, networkHeight));
        slot.MaxSample = byte.MaxValue;
        return slot;
    }

    /// <summary>The same with a detection's filters.</summary>
    public static KernelSlot WithLimits(this KernelSlot slot, float candidateMinScore, float iouThreshold, int maxDefects)
    {
        slot.CandidateMinScore = candidateMinScore;
        slot.MinObjectnessLogit = AnchorDecoder.ObjectnessLogitBelow(candidateMinScore);
        slot.IouThreshold = iouThreshold;
        slot.MaxDefects = maxDefects;
        return slot;
    }

    /// <summary>Where a slot's image lies.</summary>
    public static Letterbox LetterboxOf(in KernelSlot slot) =>
        new(slot.ImageWidth, slot.ImageHeight, slot.ContentWidth, slot.ContentHeight, slot.Left, slot.Top);
}

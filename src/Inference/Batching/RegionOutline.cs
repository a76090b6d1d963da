using YMaskNet.Inference.Detection;

namespace YMaskNet.Inference.Batching;

/// <summary>A box of the caller's to outline.</summary>
/// <param name="ImageBox">In image pixels, inside the image.</param>
/// <param name="ClassId">The class whose mask to take; <see langword="null"/>: the second stage's best.</param>
internal readonly record struct RegionOutline(CornerBox ImageBox, int? ClassId);

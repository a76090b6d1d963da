using YMaskNet.Inference.Detection;

namespace YMaskNet.Inference.Cpu;

/// <summary>A region of the inspection in hand.</summary>
/// <param name="NetworkBox">What the second stage's input is cut from, in network pixels.</param>
/// <param name="ImageBox">The same in image pixels.</param>
/// <param name="ClassId">The detector's or the caller's class; <see langword="null"/>: the second stage is to choose.</param>
/// <param name="Score">The detector's score; 1 for a caller's box.</param>
/// <param name="AnchorIndex">Decides between equal scores.</param>
internal readonly record struct RegionState(CornerBox NetworkBox, CornerBox ImageBox, int? ClassId, float Score, int AnchorIndex);

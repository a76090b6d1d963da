namespace YMaskNet.Inference;

/// <summary>A box of the caller's in which to outline something.</summary>
/// <param name="Box">Finite, of positive width and height, overlapping the image; the part outside is cut off.</param>
/// <param name="ClassName">Class whose mask to take; <see langword="null"/>: the mask head's best class that is not background.</param>
public readonly record struct RegionOfInterest(PixelBox Box, string? ClassName = null);

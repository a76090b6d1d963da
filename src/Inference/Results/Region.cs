namespace YMaskNet.Inference.Results;

/// <summary>A connected part (8-neighbourhood) of one class in a semantic segmentation.</summary>
/// <param name="ClassId">Index into the model's classes.</param>
/// <param name="ClassName">Name of the class.</param>
/// <param name="Area">Number of pixels.</param>
/// <param name="Box">Tight bounding box in image pixels.</param>
/// <param name="CentroidX">Mean of the pixel centres' x.</param>
/// <param name="CentroidY">Mean of the pixel centres' y.</param>
/// <param name="Mask">The region's pixels.</param>
public sealed record Region(int ClassId, string ClassName, long Area, PixelBox Box, double CentroidX, double CentroidY, Mask Mask);

namespace YMaskNet.Inference.Results;

/// <summary>One defect.</summary>
/// <param name="ClassId">Index into the model's classes.</param>
/// <param name="ClassName">Name of the class.</param>
/// <param name="Score">Confidence in [0, 1].</param>
/// <param name="Box">In image pixels, clipped to the image.</param>
/// <param name="Mask">Outline; <see langword="null"/> for <see cref="InspectionTask.Detect"/>.</param>
public sealed record Defect(int ClassId, string ClassName, float Score, PixelBox Box, Mask? Mask);

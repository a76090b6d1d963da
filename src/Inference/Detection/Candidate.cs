namespace YMaskNet.Inference.Detection;

/// <summary>What the first stage found.</summary>
/// <param name="Box">In network pixels, inside the content rectangle, at least one pixel a side.</param>
/// <param name="Score">Objectness times class probability, in [0, 1].</param>
/// <param name="ClassId">Index into the model's classes.</param>
/// <param name="AnchorIndex">Number of the anchor over all heads: decides between equal scores.</param>
internal readonly record struct Candidate(CornerBox Box, float Score, int ClassId, int AnchorIndex);

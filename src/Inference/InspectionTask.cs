namespace YMaskNet.Inference;

/// <summary>What to do with an image.</summary>
public enum InspectionTask
{
    /// <summary>Find defects with the first stage alone: boxes, classes, scores.</summary>
    Detect,

    /// <summary>Outline the caller's boxes (instance models) or segment the whole image (semantic models).</summary>
    Segment,

    /// <summary>Find defects, refine their boxes and classes, outline them.</summary>
    DetectAndSegment,
}

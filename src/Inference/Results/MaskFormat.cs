namespace YMaskNet.Inference.Results;

/// <summary>How masks are written into a result.</summary>
public enum MaskFormat
{
    /// <summary>Compressed COCO run-length encoding over the whole image.</summary>
    CocoRle,

    /// <summary>Rings along pixel edges, even-odd rule.</summary>
    Polygon,

    /// <summary>A 1-bit PNG of the mask's bounding rectangle.</summary>
    Png,

    /// <summary>No masks: only areas.</summary>
    None,
}

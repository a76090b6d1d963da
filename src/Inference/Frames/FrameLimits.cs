using YMaskNet.Imaging;

namespace YMaskNet.Inference.Frames;

/// <summary>The largest images that are inspected; checked on their declared size, before any pixel is decoded or allocated.</summary>
public sealed record FrameLimits
{
    /// <summary>Largest width and largest height. Unit: pixels. Range: >= 1. Default: 65,535.</summary>
    public int MaxSide { get; init; } = ImageLimits.Default.MaxSide;

    /// <summary>Largest product of width and height. Unit: pixels. Range: >= 1. Default: 2^28.</summary>
    public long MaxPixels { get; init; } = ImageLimits.Default.MaxPixels;

    internal ImageLimits ToImageLimits() => new(MaxSide, MaxPixels);
}

namespace YMaskNet.Inference.Results;

/// <summary>A connected part of one class in a class map.</summary>
/// <param name="ClassId">The class.</param>
/// <param name="Area">Number of pixels.</param>
/// <param name="CentroidX">Mean of the pixel centres' x.</param>
/// <param name="CentroidY">Mean of the pixel centres' y.</param>
/// <param name="Mask">The pixels; its rectangle is the tight bounding box.</param>
internal sealed record ConnectedRegion(int ClassId, long Area, double CentroidX, double CentroidY, BinaryMask Mask)
{
    /// <summary>Tight bounding box in image pixels.</summary>
    public PixelBox Box => new(Mask.X, Mask.Y, Mask.Width, Mask.Height);
}

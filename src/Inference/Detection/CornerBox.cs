namespace YMaskNet.Inference.Detection;

/// <summary>
/// A rectangle by its corners, continuous as <see cref="PixelBox"/>; in pixels of the network's input unless a name says that
/// it is in the image's.
/// </summary>
internal readonly record struct CornerBox(float X1, float Y1, float X2, float Y2)
{
    public float Width => X2 - X1;

    public float Height => Y2 - Y1;

    /// <summary>Both sides are at least one pixel; written so that NaN is not.</summary>
    public bool IsAtLeastOnePixel => Width >= 1f && Height >= 1f;

    /// <summary>The part inside <paramref name="bounds"/>; NaN stays NaN.</summary>
    public CornerBox ClippedTo(in CornerBox bounds) => new(
        Math.Clamp(X1, bounds.X1, bounds.X2),
        Math.Clamp(Y1, bounds.Y1, bounds.Y2),
        Math.Clamp(X2, bounds.X1, bounds.X2),
        Math.Clamp(Y2, bounds.Y1, bounds.Y2));

    /// <summary>The same rectangle by corner and extent.</summary>
    public PixelBox ToPixelBox() => new(X1, Y1, Width, Height);
}

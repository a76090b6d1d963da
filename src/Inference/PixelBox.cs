namespace YMaskNet.Inference;

/// <summary>
/// An axis-parallel rectangle in image pixels: the origin is the outer corner of the top-left pixel,
/// so an image of W x H pixels spans [0, W] x [0, H].
/// </summary>
/// <param name="X">Left edge.</param>
/// <param name="Y">Top edge.</param>
/// <param name="Width">Horizontal extent.</param>
/// <param name="Height">Vertical extent.</param>
public readonly record struct PixelBox(float X, float Y, float Width, float Height);

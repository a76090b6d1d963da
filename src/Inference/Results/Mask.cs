namespace YMaskNet.Inference.Results;

/// <summary>A set of pixels in the format that the caller asked for.</summary>
/// <param name="Area">Number of pixels.</param>
public abstract record Mask(long Area);

/// <summary>A mask of which only the area was asked for, or that is empty.</summary>
public sealed record AreaMask(long Area) : Mask(Area);

/// <summary>Compressed COCO run-length encoding, columns from left to right.</summary>
/// <param name="Height">Height of the image in pixels.</param>
/// <param name="Width">Width of the image in pixels.</param>
/// <param name="Counts">The runs as in pycocotools' <c>rleToString</c>; ASCII.</param>
public sealed record CocoRleMask(int Height, int Width, string Counts, long Area) : Mask(Area);

/// <summary>Closed rings along pixel edges, outer rings and holes told apart by the even-odd rule.</summary>
/// <param name="Rings">Corners in image pixels; the last connects to the first, which is not repeated.</param>
public sealed record PolygonMask(IReadOnlyList<IReadOnlyList<PixelCorner>> Rings, long Area) : Mask(Area);

/// <summary>A 1-bit grey PNG of the mask's bounding rectangle, at (X, Y) in the image.</summary>
public sealed record PngMask(byte[] Data, int X, int Y, int Width, int Height, long Area) : Mask(Area);

/// <summary>A mask that is not encoded yet: of a tile, before it is put together with those of its neighbours.</summary>
internal sealed record BitMask(BinaryMask Pixels) : Mask(Pixels.Area);

/// <summary>A corner of a pixel.</summary>
public readonly record struct PixelCorner(int X, int Y);

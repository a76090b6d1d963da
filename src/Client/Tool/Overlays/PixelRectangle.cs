using YMaskNet.V1;

namespace YMaskNet.Client.Tool.Overlays;

/// <summary>Whole pixels: columns <see cref="Left"/> to <see cref="Right"/> - 1, rows <see cref="Top"/> to <see cref="Bottom"/> - 1.</summary>
internal readonly record struct PixelRectangle(int Left, int Top, int Right, int Bottom)
{
    public int Width => Right - Left;

    public int Height => Bottom - Top;

    /// <summary>The pixels that a box touches.</summary>
    public static PixelRectangle Covering(Box box) => new(
        (int)MathF.Floor(box.X),
        (int)MathF.Floor(box.Y),
        (int)MathF.Ceiling(box.X + box.Width),
        (int)MathF.Ceiling(box.Y + box.Height));

    public PixelRectangle ClippedTo(int width, int height) => new(
        Math.Clamp(Left, 0, width), Math.Clamp(Top, 0, height), Math.Clamp(Right, 0, width), Math.Clamp(Bottom, 0, height));

    public bool Overlaps(PixelRectangle other) =>
        Left < other.Right && other.Left < Right && Top < other.Bottom && other.Top < Bottom;

    public bool IsInside(int width, int height) => Left >= 0 && Top >= 0 && Right <= width && Bottom <= height;
}

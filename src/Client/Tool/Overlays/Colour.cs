namespace YMaskNet.Client.Tool.Overlays;

/// <summary>A colour, 8 bits a channel, sRGB.</summary>
internal readonly record struct Colour(byte Red, byte Green, byte Blue)
{
    public static Colour Black { get; } = new(0, 0, 0);

    public static Colour White { get; } = new(255, 255, 255);

    /// <summary>Black or white, whichever reads better on this colour (weights of ITU-R BT.601).</summary>
    public Colour Contrasting => 0.299 * Red + 0.587 * Green + 0.114 * Blue > 140 ? Black : White;
}

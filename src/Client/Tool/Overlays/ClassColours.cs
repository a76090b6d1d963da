namespace YMaskNet.Client.Tool.Overlays;

/// <summary>A colour per class: saturated and of middle brightness, so that it shows on black and on white boards.</summary>
internal static class ClassColours
{
    private static readonly Colour[] Palette =
    [
        new(230, 25, 55),
        new(0, 120, 255),
        new(20, 160, 50),
        new(255, 130, 0),
        new(170, 40, 220),
        new(0, 165, 175),
        new(235, 50, 170),
        new(150, 100, 30),
        new(110, 140, 0),
        new(95, 85, 235),
        new(200, 110, 90),
        new(0, 130, 110),
    ];

    /// <summary>The colour of a class. Colours repeat after twelve classes.</summary>
    public static Colour Of(uint classId) => Palette[classId % (uint)Palette.Length];
}

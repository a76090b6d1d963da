using System.Globalization;
using YMaskNet.Client.Masks;
using YMaskNet.Client.Tool.Inspection;
using YMaskNet.V1;

namespace YMaskNet.Client.Tool.Overlays;

/// <summary>Draws what was found into a picture: masks, boxes, labels, one over the other; the best-scoring on top.</summary>
internal static class OverlayPainter
{
    private const float MaskOpacity = 0.45f;

    // One step of line thickness and of font size for so many pixels of the picture's shorter side.
    private const int PixelsPerLineStep = 500;
    private const int PixelsPerFontStep = 800;

    public static void Paint(Canvas canvas, InspectedImage image)
    {
        Finding[] findings =
        [
            .. image.Defects.Select(defect => new Finding(
                defect.ClassId,
                string.Create(CultureInfo.InvariantCulture, $"{defect.ClassName} {defect.Score:0.00}"),
                PixelRectangle.Covering(defect.Box),
                defect.Mask)),
            .. image.Regions.Select(region => new Finding(
                region.ClassId, region.ClassName, PixelRectangle.Covering(region.Box), region.Mask)),
        ];

        foreach (Finding finding in findings.Reverse())
            PaintMask(canvas, finding);

        int thickness = 1 + Math.Min(canvas.Width, canvas.Height) / PixelsPerLineStep;
        foreach (Finding finding in findings.Reverse())
            canvas.Frame(finding.Box, thickness, ClassColours.Of(finding.ClassId));

        PaintLabels(canvas, findings, thickness);
    }

    private static void PaintMask(Canvas canvas, Finding finding)
    {
        if (MaskDecoder.Decode(finding.Mask, canvas.Width, canvas.Height) is not { } mask)
            return;

        Colour colour = ClassColours.Of(finding.ClassId);
        canvas.Tint(mask, colour, MaskOpacity);
        canvas.Outline(mask, colour);
    }

    private static void PaintLabels(Canvas canvas, Finding[] findings, int thickness)
    {
        int scale = 1 + Math.Min(canvas.Width, canvas.Height) / PixelsPerFontStep;
        int margin = scale + 1;
        LabelPlacement placement = new(canvas.Width, canvas.Height, [.. findings.Select(finding => finding.Box)]);
        foreach (Finding finding in findings)
        {
            PixelRectangle frame = new(
                finding.Box.Left - thickness + 1, finding.Box.Top - thickness + 1, finding.Box.Right + thickness - 1, finding.Box.Bottom + thickness - 1);
            PixelRectangle label = placement.Place(
                frame, BitmapFont.WidthOf(finding.Label) * scale + 2 * margin, BitmapFont.GlyphHeight * scale + 2 * margin);
            Colour colour = ClassColours.Of(finding.ClassId);
            canvas.Fill(label, colour);
            canvas.Write(finding.Label, label.Left + margin, label.Top + margin, scale, colour.Contrasting);
        }
    }

    private sealed record Finding(uint ClassId, string Label, PixelRectangle Box, Mask? Mask);
}

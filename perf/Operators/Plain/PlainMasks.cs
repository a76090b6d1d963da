using YMaskNet.Inference.Detection;

namespace YMaskNet.Perf.Operators.Plain;

/// <summary>Masks pixel by pixel, over the whole image where COCO's encoding asks for it.</summary>
internal static class PlainMasks
{
    /// <summary>Pastes a mask of probabilities into an image of bytes.</summary>
    public static void Paste(ReadOnlySpan<float> logits, int size, in CornerBox box, Span<byte> image, int width)
    {
        for (int y = (int)box.Y1; y < (int)MathF.Ceiling(box.Y2); y++)
        {
            float v = Math.Clamp(((y + 0.5f - box.Y1) / box.Height * size) - 0.5f, 0f, size - 1);
            for (int x = (int)box.X1; x < (int)MathF.Ceiling(box.X2); x++)
            {
                float u = Math.Clamp(((x + 0.5f - box.X1) / box.Width * size) - 0.5f, 0f, size - 1);
                int left = (int)u;
                int top = (int)v;
                int right = Math.Min(left + 1, size - 1);
                int bottom = Math.Min(top + 1, size - 1);
                float upper = (Sigmoid(logits[(top * size) + left]) * (1f - (u - left))) + (Sigmoid(logits[(top * size) + right]) * (u - left));
                float lower = (Sigmoid(logits[(bottom * size) + left]) * (1f - (u - left))) + (Sigmoid(logits[(bottom * size) + right]) * (u - left));
                image[(y * width) + x] = (upper * (1f - (v - top))) + (lower * (v - top)) > 0.5f ? (byte)1 : (byte)0;
            }
        }
    }

    /// <summary>Runs of an image of bytes, column by column.</summary>
    public static List<long> Runs(ReadOnlySpan<byte> image, int width, int height)
    {
        List<long> runs = [];
        byte current = 0;
        long length = 0;
        for (int x = 0; x < width; x++)
        {
            for (int y = 0; y < height; y++)
            {
                byte pixel = image[(y * width) + x];
                if (pixel != current)
                {
                    runs.Add(length);
                    length = 0;
                    current = pixel;
                }

                length++;
            }
        }

        runs.Add(length);
        return runs;
    }

    private static float Sigmoid(float value) => 1f / (1f + MathF.Exp(-value));
}

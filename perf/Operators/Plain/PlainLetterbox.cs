namespace YMaskNet.Perf.Operators.Plain;

/// <summary>Letterbox of a grey image, pixel by pixel.</summary>
internal static class PlainLetterbox
{
    public static void Run(ReadOnlySpan<byte> image, int width, int height, int side, byte surround, Span<float> output)
    {
        float scale = Math.Min((float)side / width, (float)side / height);
        int newWidth = (int)MathF.Round(width * scale);
        int newHeight = (int)MathF.Round(height * scale);
        int left = (side - newWidth) / 2;
        int top = (side - newHeight) / 2;
        output.Fill(surround / 255f);
        for (int y = 0; y < newHeight; y++)
        {
            float sourceY = Math.Clamp(((y + 0.5f) * height / newHeight) - 0.5f, 0f, height - 1);
            int above = (int)sourceY;
            int below = Math.Min(above + 1, height - 1);
            for (int x = 0; x < newWidth; x++)
            {
                float sourceX = Math.Clamp(((x + 0.5f) * width / newWidth) - 0.5f, 0f, width - 1);
                int first = (int)sourceX;
                int second = Math.Min(first + 1, width - 1);
                float upper = Mix(image[(above * width) + first], image[(above * width) + second], sourceX - first);
                float lower = Mix(image[(below * width) + first], image[(below * width) + second], sourceX - first);
                output[((top + y) * side) + left + x] = Mix(upper, lower, sourceY - above) / 255f;
            }
        }
    }

    private static float Mix(float first, float second, float weight) => first + ((second - first) * weight);
}

using YMaskNet.Inference.Detection;
using YMaskNet.Inference.Models;

namespace YMaskNet.Perf.Operators.Plain;

/// <summary>RoIAlign as its definition reads: four pixels for each sample, every sample for itself.</summary>
internal static class PlainRoiAlign
{
    public static void Run(RegionInput input, ReadOnlySpan<float> source, int width, int height, in CornerBox box, Span<float> output)
    {
        int size = input.OutputSize;
        int ratio = input.SamplingRatio;
        float startX = (box.X1 * input.SpatialScale) - 0.5f;
        float startY = (box.Y1 * input.SpatialScale) - 0.5f;
        float binWidth = box.Width * input.SpatialScale / size;
        float binHeight = box.Height * input.SpatialScale / size;
        int target = 0;
        for (int channel = 0; channel < input.Channels; channel++)
        {
            ReadOnlySpan<float> plane = source.Slice(channel * width * height, width * height);
            for (int row = 0; row < size; row++)
            {
                for (int column = 0; column < size; column++)
                {
                    float sum = 0f;
                    for (int sampleY = 0; sampleY < ratio; sampleY++)
                    {
                        float y = startY + (row * binHeight) + ((sampleY + 0.5f) * binHeight / ratio);
                        for (int sampleX = 0; sampleX < ratio; sampleX++)
                            sum += Sample(plane, width, height, startX + (column * binWidth) + ((sampleX + 0.5f) * binWidth / ratio), y);
                    }

                    output[target++] = sum / (ratio * ratio);
                }
            }
        }
    }

    private static float Sample(ReadOnlySpan<float> plane, int width, int height, float x, float y)
    {
        if (!(x >= -1f && x <= width && y >= -1f && y <= height))
            return 0f;
        x = Math.Clamp(x, 0f, width - 1);
        y = Math.Clamp(y, 0f, height - 1);
        int left = (int)x;
        int top = (int)y;
        int right = Math.Min(left + 1, width - 1);
        int bottom = Math.Min(top + 1, height - 1);
        float fractionX = x - left;
        float fractionY = y - top;
        float above = (plane[(top * width) + left] * (1f - fractionX)) + (plane[(top * width) + right] * fractionX);
        float below = (plane[(bottom * width) + left] * (1f - fractionX)) + (plane[(bottom * width) + right] * fractionX);
        return (above * (1f - fractionY)) + (below * fractionY);
    }
}

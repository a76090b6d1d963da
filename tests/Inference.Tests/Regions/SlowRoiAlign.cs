using YMaskNet.Inference.Detection;
using YMaskNet.Inference.Models;

namespace YMaskNet.Inference.Tests.Regions;

/// <summary>RoIAlign sample by sample in double precision, then the pixel unshuffle as an index permutation.</summary>
internal static class SlowRoiAlign
{
    public static double[] Run(RegionInput input, float[] source, int width, int height, CornerBox box)
    {
        int size = input.OutputSize;
        int unshuffle = input.Unshuffle;
        int small = size / unshuffle;
        double startX = ((double)box.X1 * input.SpatialScale) - 0.5;
        double startY = ((double)box.Y1 * input.SpatialScale) - 0.5;
        double binWidth = ((double)box.X2 - box.X1) * input.SpatialScale / size;
        double binHeight = ((double)box.Y2 - box.Y1) * input.SpatialScale / size;
        double[] output = new double[input.Channels * size * size];
        for (int channel = 0; channel < input.Channels; channel++)
        {
            for (int row = 0; row < size; row++)
            {
                for (int column = 0; column < size; column++)
                {
                    double sum = 0;
                    for (int sampleY = 0; sampleY < input.SamplingRatio; sampleY++)
                    {
                        for (int sampleX = 0; sampleX < input.SamplingRatio; sampleX++)
                        {
                            double y = startY + ((row + ((sampleY + 0.5) / input.SamplingRatio)) * binHeight);
                            double x = startX + ((column + ((sampleX + 0.5) / input.SamplingRatio)) * binWidth);
                            sum += Sample(source, channel, width, height, x, y);
                        }
                    }

                    int target = (channel * unshuffle * unshuffle) + (row % unshuffle * unshuffle) + (column % unshuffle);
                    output[(((target * small) + (row / unshuffle)) * small) + (column / unshuffle)] =
                        sum / (input.SamplingRatio * input.SamplingRatio);
                }
            }
        }

        return output;
    }

    private static double Sample(float[] source, int channel, int width, int height, double x, double y)
    {
        if (!(x >= -1 && x <= width && y >= -1 && y <= height))
            return 0;
        x = Math.Clamp(x, 0, width - 1);
        y = Math.Clamp(y, 0, height - 1);
        int x0 = (int)x;
        int y0 = (int)y;
        int x1 = Math.Min(x0 + 1, width - 1);
        int y1 = Math.Min(y0 + 1, height - 1);
        double Pixel(int column, int row) => source[(((channel * height) + row) * width) + column];
        double top = (Pixel(x0, y0) * (1 - (x - x0))) + (Pixel(x1, y0) * (x - x0));
        double bottom = (Pixel(x0, y1) * (1 - (x - x0))) + (Pixel(x1, y1) * (x - x0));
        return (top * (1 - (y - y0))) + (bottom * (y - y0));
    }
}

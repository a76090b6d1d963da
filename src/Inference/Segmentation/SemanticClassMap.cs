using System.Buffers;

namespace YMaskNet.Inference.Segmentation;

/// <summary>The class of every pixel, from a semantic model's logits.</summary>
internal static class SemanticClassMap
{
    /// <summary>
    /// For each network pixel of a rectangle the class with the largest logit, the first of equals; NaN is never the
    /// largest, and a pixel without a larger value than minus infinity is background.
    /// </summary>
    /// <param name="logits"><c>[classes, height, width]</c>.</param>
    /// <param name="classCount">At most 255.</param>
    /// <param name="width">Width of the network's output.</param>
    /// <param name="left">First column of the rectangle.</param>
    /// <param name="top">First row of the rectangle.</param>
    /// <param name="columns">Width of the rectangle.</param>
    /// <param name="rows">Height of the rectangle.</param>
    /// <param name="backgroundClass">The background's id.</param>
    /// <param name="backgroundOffset">Added to the background's logits before they are compared.</param>
    /// <param name="classes">Class ids of the rectangle, row by row.</param>
    public static void ArgMax(
        ReadOnlySpan<float> logits,
        int classCount,
        int width,
        int left,
        int top,
        int columns,
        int rows,
        int backgroundClass,
        float backgroundOffset,
        Span<byte> classes)
    {
        int plane = logits.Length / classCount;
        float[] largest = ArrayPool<float>.Shared.Rent(columns);
        try
        {
            for (int row = 0; row < rows; row++)
            {
                Span<byte> rowClasses = classes.Slice(row * columns, columns);
                Span<float> rowLargest = largest.AsSpan(0, columns);
                rowClasses.Fill((byte)backgroundClass);
                rowLargest.Fill(float.NegativeInfinity);
                int start = ((top + row) * width) + left;
                for (int classId = 0; classId < classCount; classId++)
                {
                    float offset = classId == backgroundClass ? backgroundOffset : 0f;
                    TakeLarger(logits.Slice((classId * plane) + start, columns), offset, (byte)classId, rowLargest, rowClasses);
                }
            }
        }
        finally
        {
            ArrayPool<float>.Shared.Return(largest);
        }
    }

    /// <summary>
    /// Gives each pixel of the image the class of the network pixel that holds its centre:
    /// column <c>floor((x + 0.5) * columns / width)</c>, in whole numbers, so that no rounding decides.
    /// </summary>
    public static void Resample(ReadOnlySpan<byte> classes, int columns, int rows, Span<byte> image, int width, int height)
    {
        int[] sourceColumn = ArrayPool<int>.Shared.Rent(width);
        try
        {
            for (int x = 0; x < width; x++)
                sourceColumn[x] = Source(x, columns, width);
            int previousRow = -1;
            for (int y = 0; y < height; y++)
            {
                int sourceRow = Source(y, rows, height);
                Span<byte> target = image.Slice(y * width, width);
                if (sourceRow == previousRow)
                {
                    image.Slice((y - 1) * width, width).CopyTo(target);
                    continue;
                }

                ReadOnlySpan<byte> source = classes.Slice(sourceRow * columns, columns);
                for (int x = 0; x < target.Length; x++)
                    target[x] = source[sourceColumn[x]];
                previousRow = sourceRow;
            }
        }
        finally
        {
            ArrayPool<int>.Shared.Return(sourceColumn);
        }
    }

    private static int Source(int pixel, int networkExtent, int imageExtent) =>
        (int)(((2L * pixel) + 1) * networkExtent / (2L * imageExtent));

    private static void TakeLarger(ReadOnlySpan<float> logits, float offset, byte classId, Span<float> largest, Span<byte> classes)
    {
        for (int column = 0; column < logits.Length; column++)
        {
            float logit = logits[column] + offset;
            if (logit > largest[column])
            {
                largest[column] = logit;
                classes[column] = classId;
            }
        }
    }
}

namespace YMaskNet.Inference.Results;

/// <summary>
/// Run-length encoding of the COCO API: the pixels of the image column by column, each from top to bottom; the first run
/// counts zeros.
/// </summary>
internal static class CocoRle
{
    /// <summary>Encodes a mask over the whole image; nothing of the image's size is allocated.</summary>
    /// <param name="mask">Lies within the image.</param>
    /// <param name="imageWidth">Unit: pixels. Range: >= 1.</param>
    /// <param name="imageHeight">Unit: pixels. Range: >= 1.</param>
    /// <returns>The <c>counts</c> string, ASCII.</returns>
    public static string Encode(BinaryMask mask, int imageWidth, int imageHeight) =>
        CocoCounts.ToText(Runs(mask, imageWidth, imageHeight));

    /// <summary>Decodes a <c>counts</c> string to a mask of the image's size.</summary>
    /// <exception cref="FormatException">The string is no such encoding, or its runs don't add up to the image.</exception>
    public static BinaryMask Decode(string counts, int imageWidth, int imageHeight)
    {
        List<long> runs = CocoCounts.FromText(counts);
        var mask = new BinaryMask(0, 0, imageWidth, imageHeight);
        long imagePixels = (long)imageWidth * imageHeight;
        long position = 0;
        for (int i = 0; i < runs.Count; i++)
        {
            if (runs[i] < 0 || runs[i] > imagePixels - position)
                throw new FormatException($"Run {i} has {runs[i]} pixels; {imagePixels - position} are left of the image.");
            long end = position + runs[i];
            bool isInside = i % 2 == 1;
            for (; isInside && position < end; position++)
            {
                int column = (int)(position / imageHeight);
                mask.AddRun((int)(position % imageHeight), column, column + 1);
            }

            position = end;
        }

        return position == imagePixels
            ? mask
            : throw new FormatException($"The runs have {position} pixels; the image has {imagePixels}.");
    }

    /// <summary>Lengths of the runs of zeros and ones, by turns.</summary>
    private static List<long> Runs(BinaryMask mask, int imageWidth, int imageHeight)
    {
        List<long> runs = [];
        ColumnRuns columns = ColumnRuns.Of(mask);
        long position = 0;
        for (int column = 0; column < mask.Width; column++)
        {
            long top = ((long)(mask.X + column) * imageHeight) + mask.Y;
            ReadOnlySpan<int> edges = columns.Edges(column);
            for (int i = 0; i < edges.Length; i += 2)
            {
                long zeros = top + edges[i] - position;
                long ones = edges[i + 1] - edges[i];
                if (zeros == 0 && runs.Count > 0)
                {
                    // A run at the bottom of a column goes on at the top of the next.
                    runs[^1] += ones;
                }
                else
                {
                    runs.Add(zeros);
                    runs.Add(ones);
                }

                position = top + edges[i + 1];
            }
        }

        long rest = ((long)imageWidth * imageHeight) - position;
        if (rest > 0)
            runs.Add(rest);
        return runs;
    }
}

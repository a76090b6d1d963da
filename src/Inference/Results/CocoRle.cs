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

    /// <summary>
    /// Encodes the union of several masks over the whole image: column by column from the masks' own runs, without a bitmap of
    /// the union.
    /// </summary>
    /// <param name="parts">Lie within the image; may overlap.</param>
    /// <param name="imageWidth">Unit: pixels. Range: >= 1.</param>
    /// <param name="imageHeight">Unit: pixels. Range: >= 1.</param>
    /// <param name="area">Number of pixels in the union.</param>
    public static string Encode(IReadOnlyList<BinaryMask> parts, int imageWidth, int imageHeight, out long area)
    {
        RunWriter runs = RunWriter.Start(imageHeight);
        ColumnRuns[] columns = [.. parts.Select(ColumnRuns.Of)];
        List<(int Start, int End)> spans = [];
        int right = parts.Max(part => part.X + part.Width);
        for (int x = parts.Min(part => part.X); x < right; x++)
        {
            spans.Clear();
            for (int i = 0; i < columns.Length; i++)
                AddSpans(columns[i], parts[i], x, spans);
            spans.Sort();
            for (int i = 0; i < spans.Count;)
            {
                (int start, int end) = spans[i++];
                for (; i < spans.Count && spans[i].Start <= end; i++)
                    end = Math.Max(end, spans[i].End);
                runs.Add(x, start, end);
            }
        }

        foreach (ColumnRuns part in columns)
            part.Dispose();
        area = runs.Area;
        return CocoCounts.ToText(runs.Finish(imageWidth));
    }

    private static void AddSpans(in ColumnRuns columns, BinaryMask part, int x, List<(int Start, int End)> spans)
    {
        if (x < part.X || x >= part.X + part.Width)
            return;
        ReadOnlySpan<int> edges = columns.Edges(x - part.X);
        for (int i = 0; i < edges.Length; i += 2)
            spans.Add((part.Y + edges[i], part.Y + edges[i + 1]));
    }

    /// <summary>Lengths of the runs of zeros and ones, by turns.</summary>
    private static List<long> Runs(BinaryMask mask, int imageWidth, int imageHeight)
    {
        RunWriter runs = RunWriter.Start(imageHeight);
        using ColumnRuns columns = ColumnRuns.Of(mask);
        for (int column = 0; column < mask.Width; column++)
        {
            ReadOnlySpan<int> edges = columns.Edges(column);
            for (int i = 0; i < edges.Length; i += 2)
                runs.Add(mask.X + column, mask.Y + edges[i], mask.Y + edges[i + 1]);
        }

        return runs.Finish(imageWidth);
    }

    /// <summary>Collects the runs of an image, column by column. Each thread has one, which is used again for every mask.</summary>
    private sealed class RunWriter
    {
        [ThreadStatic]
        private static RunWriter? _ofThread;

        private readonly List<long> _runs = [];
        private int _imageHeight;
        private long _position;

        public long Area { get; private set; }

        /// <summary>The thread's writer, for a new image; what it gave before is gone.</summary>
        public static RunWriter Start(int imageHeight)
        {
            RunWriter writer = _ofThread ??= new RunWriter();
            writer._runs.Clear();
            writer._imageHeight = imageHeight;
            writer._position = 0;
            writer.Area = 0;
            return writer;
        }

        /// <summary>Adds ones, behind all that were added before.</summary>
        public void Add(int column, int startRow, int endRow)
        {
            long start = ((long)column * _imageHeight) + startRow;
            long zeros = start - _position;
            long ones = endRow - startRow;
            if (zeros == 0 && _runs.Count > 0)
            {
                // A run at the bottom of a column goes on at the top of the next.
                _runs[^1] += ones;
            }
            else
            {
                _runs.Add(zeros);
                _runs.Add(ones);
            }

            _position = start + ones;
            Area += ones;
        }

        /// <summary>All runs; valid until the thread's next image.</summary>
        public List<long> Finish(int imageWidth)
        {
            long rest = ((long)imageWidth * _imageHeight) - _position;
            if (rest > 0)
                _runs.Add(rest);
            return _runs;
        }
    }
}

namespace YMaskNet.Imaging.Formats;

/// <summary>
/// Filters the rows of a PNG, so that deflate finds more to save. Of the filters None, Sub and Up the one whose bytes,
/// taken as signed, have the least sum of magnitudes is chosen for each row, as the PNG specification suggests;
/// bilevel pictures are not filtered.
/// </summary>
internal sealed class PngFilter(int rowBytes, int bytesPerPixel, bool isAdaptive)
{
    // Each row begins with the number of its filter.
    private readonly byte[] _none = MakeRow(rowBytes, filter: 0);
    private readonly byte[] _sub = MakeRow(rowBytes, filter: 1);
    private readonly byte[] _up = MakeRow(rowBytes, filter: 2);
    private readonly byte[] _previous = new byte[rowBytes];

    /// <summary>Filters the next row.</summary>
    /// <returns>The filter's number, then the filtered bytes; valid until the next call.</returns>
    public ReadOnlySpan<byte> Apply(ReadOnlySpan<byte> row)
    {
        row.CopyTo(_none.AsSpan(1));
        if (!isAdaptive)
            return _none;

        for (int i = 0; i < row.Length; i++)
        {
            _sub[i + 1] = (byte)(row[i] - (i >= bytesPerPixel ? row[i - bytesPerPixel] : 0));
            _up[i + 1] = (byte)(row[i] - _previous[i]);
        }

        row.CopyTo(_previous);
        byte[] best = Magnitude(_sub) < Magnitude(_none) ? _sub : _none;
        return Magnitude(_up) < Magnitude(best) ? _up : best;
    }

    private static byte[] MakeRow(int rowBytes, byte filter)
    {
        byte[] row = new byte[rowBytes + 1];
        row[0] = filter;
        return row;
    }

    private static long Magnitude(byte[] filtered)
    {
        long sum = 0;
        foreach (byte value in filtered.AsSpan(1))
            sum += Math.Abs((int)(sbyte)value);
        return sum;
    }
}

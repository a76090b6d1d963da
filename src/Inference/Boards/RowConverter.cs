using YMaskNet.Inference.Frames;

namespace YMaskNet.Inference.Boards;

/// <summary>
/// Turns a caller's rows into rows of samples, as a frame has them: blue and red change places, a Bayer mosaic becomes
/// colour, samples are checked against their range. What comes out does not depend on how the rows were parted.
/// </summary>
internal sealed class RowConverter
{
    private readonly BoardDescription _board;
    private readonly RawLayout _raw;

    // The mosaic's last two rows: a row is interpolated when the one below it has come.
    private byte[] _above = [];
    private byte[] _last = [];
    private int _rows;

    public RowConverter(BoardDescription board, RawLayout raw)
    {
        _board = board;
        _raw = raw;
        RowBytes = board.Width * raw.BytesPerPixel;
        if (board.Format == PixelFormat.BayerRG8)
            (_above, _last) = (new byte[RowBytes], new byte[RowBytes]);
    }

    /// <summary>Bytes of a caller's row.</summary>
    public int RowBytes { get; }

    /// <summary>How the converted samples lie.</summary>
    public SampleLayout Layout => _board.Format switch
    {
        PixelFormat.Rgb8 or PixelFormat.Bgr8 or PixelFormat.BayerRG8 => new SampleLayout(3, 8, _raw.MaxSample),
        PixelFormat.Mono8 => new SampleLayout(1, 8, _raw.MaxSample),
        _ => new SampleLayout(1, 16, _raw.MaxSample),
    };

    /// <summary>Takes the next row; at most one row of samples comes out.</summary>
    /// <exception cref="InspectionException">A sample is above its range.</exception>
    public void Add(ReadOnlySpan<byte> row, RowBand band)
    {
        int y = _rows++;
        switch (_board.Format)
        {
            case PixelFormat.Bgr8:
                RawFrameReader.SwapBlueAndRed(row, band.Append());
                break;
            case PixelFormat.BayerRG8:
                AddMosaic(row, y, band);
                break;
            default:
                if (_raw is { BytesPerPixel: 2, MaxSample: < ushort.MaxValue })
                    RawFrameReader.CheckSamples(row, y, _board.Format, _raw.MaxSample, "rows");
                row.CopyTo(band.Append());
                break;
        }
    }

    /// <summary>Gives the row that waited for one below it. The board is complete.</summary>
    public void Finish(RowBand band)
    {
        if (_board.Format == PixelFormat.BayerRG8)
            BayerMosaic.InterpolateRow(_rows - 1, _above, _last, _above, band.Append());
    }

    private void AddMosaic(ReadOnlySpan<byte> row, int y, RowBand band)
    {
        // Above the first row lies, mirrored, the second.
        if (y > 0)
            BayerMosaic.InterpolateRow(y - 1, y == 1 ? row : _above, _last, row, band.Append());
        (_above, _last) = (_last, _above);
        row.CopyTo(_last);
    }
}

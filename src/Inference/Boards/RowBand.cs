using System.Buffers;

namespace YMaskNet.Inference.Boards;

/// <summary>
/// The rows of a board that the current row of tiles needs: never more than a tile is high, whatever the board. Rows come in
/// at the lower end and leave at the upper one.
/// </summary>
internal sealed class RowBand : IBoardRows, IDisposable
{
    private readonly int _rowBytes;
    private byte[]? _rented;

    /// <param name="width">Unit: pixels.</param>
    /// <param name="height">Unit: pixels, of the whole board.</param>
    /// <param name="capacity">Most rows held.</param>
    /// <param name="layout">How samples lie in a row.</param>
    /// <exception cref="InspectionException">The band would need more than 2 GiB.</exception>
    public RowBand(int width, int height, int capacity, SampleLayout layout)
    {
        Width = width;
        Height = height;
        Capacity = capacity;
        Layout = layout;
        long bytes = (long)width * layout.BytesPerPixel * capacity;
        if (bytes > Array.MaxLength)
        {
            throw new InspectionException(
                InspectionErrorKind.ResourceExhausted,
                "IMAGE_TOO_LARGE",
                $"A row of tiles of this board has {bytes} bytes; at most {Array.MaxLength} are accepted.",
                "raw.width");
        }

        _rowBytes = width * layout.BytesPerPixel;
        _rented = ArrayPool<byte>.Shared.Rent((int)bytes);
    }

    public SampleLayout Layout { get; }

    public int Width { get; }

    public int Height { get; }

    /// <summary>Most rows held.</summary>
    public int Capacity { get; }

    /// <summary>First row held.</summary>
    public int Start { get; private set; }

    /// <summary>Row after the last one held.</summary>
    public int End { get; private set; }

    /// <summary>Most rows that were ever held.</summary>
    public int PeakRows { get; private set; }

    private byte[] Rented
    {
        get
        {
            ObjectDisposedException.ThrowIf(_rented is null, this);
            return _rented;
        }
    }

    /// <summary>Room for the next row, which is held from now on.</summary>
    public Span<byte> Append()
    {
        if (End - Start == Capacity)
            throw new InvalidOperationException($"The band holds its {Capacity} rows already; some must leave before row {End} comes.");
        Span<byte> row = Rented.AsSpan((End - Start) * _rowBytes, _rowBytes);
        End++;
        PeakRows = Math.Max(PeakRows, End - Start);
        return row;
    }

    public ReadOnlySpan<byte> Row(int y)
    {
        if (y < Start || y >= End)
            throw new ArgumentOutOfRangeException(nameof(y), y, $"The band holds the rows {Start} to {End - 1}.");
        return Rented.AsSpan((y - Start) * _rowBytes, _rowBytes);
    }

    /// <summary>Lets the rows above one go.</summary>
    public void DropBefore(int y)
    {
        int kept = Math.Clamp(y, Start, End);
        Rented.AsSpan((kept - Start) * _rowBytes, (End - kept) * _rowBytes).CopyTo(Rented);
        Start = kept;
    }

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _rented, null) is { } rented)
            ArrayPool<byte>.Shared.Return(rented);
    }
}

using System.Diagnostics;
using YMaskNet.Inference.Frames;
using YMaskNet.Inference.Models;
using YMaskNet.Inference.Results;

namespace YMaskNet.Inference.Boards;

/// <summary>
/// One board that comes row by row: tiles are cut as soon as their rows are there, and go through the model's own queue. Rows
/// are taken no faster than tiles are inspected. One caller at a time; to be disposed of, which ends tiles that still run.
/// </summary>
/// <remarks>
/// Memory: the rows of one row of tiles, <c>width * bytes per pixel * tile height</c>; the pixels of the tiles in flight; what was
/// found, bounded by <see cref="BoardLimits"/>; with a semantic model the class maps of two rows of tiles.
/// </remarks>
public sealed class BoardInspection : IAsyncDisposable
{
    private readonly long _start = Stopwatch.GetTimestamp();
    private readonly BoardDescription _description;
    private readonly TileGrid _grid;
    private readonly RowConverter _converter;
    private readonly RowBand _band;
    private readonly TileSequence _tiles;
    private int _rows;

    internal BoardInspection(
        ModelManifest manifest,
        InspectTile inspect,
        BoardRequest request,
        BoardDescription description,
        FrameLimits limits,
        CancellationToken cancellationToken)
    {
        RawLayout layout = description.Check(limits);
        BoardPlan plan = BoardPlan.Create(manifest, request);
        _description = description;
        _grid = plan.Cut(description.Width, description.Height);
        _converter = new RowConverter(description, layout);
        _band = new RowBand(description.Width, description.Height, _grid.Rows.Length, _converter.Layout);
        _tiles = new TileSequence(plan, _grid, inspect, request.TilesInFlight, cancellationToken);
    }

    /// <summary>Most rows of pixels that were ever held at once.</summary>
    internal int PeakRows => _band.PeakRows;

    /// <summary>Begins a board.</summary>
    /// <param name="model">The model.</param>
    /// <param name="request">What to do.</param>
    /// <param name="description">What will come.</param>
    /// <param name="limits">The largest board to accept.</param>
    /// <param name="cancellationToken">Ends the board's tiles, and so whatever waits for them.</param>
    /// <exception cref="InspectionException">The model can't do it, or a value is out of range.</exception>
    public static BoardInspection Open(
        InspectionModel model, BoardRequest request, BoardDescription description, FrameLimits limits, CancellationToken cancellationToken) =>
        new(model.Manifest, model.InspectAsync, request, description, limits, cancellationToken);

    /// <summary>Inspects a board that came as a file.</summary>
    /// <param name="model">The model.</param>
    /// <param name="request">What to do.</param>
    /// <param name="board">The board; stays the caller's.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="InspectionException">The model can't do it, or a value is out of range: thrown at once, not by the task.</exception>
    public static Task<BoardResult> InspectAsync(
        InspectionModel model, BoardRequest request, DecodedBoard board, CancellationToken cancellationToken) =>
        InspectAsync(model.Manifest, model.InspectAsync, request, board, cancellationToken);

    internal static Task<BoardResult> InspectAsync(
        ModelManifest manifest, InspectTile inspect, BoardRequest request, DecodedBoard board, CancellationToken cancellationToken)
    {
        BoardPlan plan = BoardPlan.Create(manifest, request);
        TileGrid grid = plan.Cut(board.Width, board.Height);
        return RunAsync(new TileSequence(plan, grid, inspect, request.TilesInFlight, cancellationToken), grid, board);
    }

    /// <summary>Refuses what a board would be refused for before its pixels are looked at.</summary>
    /// <exception cref="InspectionException">The model can't do it, or a value is out of range.</exception>
    public static void Check(InspectionModel model, BoardRequest request) => BoardPlan.Create(model.Manifest, request);

    /// <summary>Takes the next rows; returns when they need not be kept any more.</summary>
    /// <param name="rows">Whole rows without padding, one at least.</param>
    /// <exception cref="InspectionException">The bytes are no whole rows, or more than the board has; or a tile was refused.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public async Task AddRowsAsync(ReadOnlyMemory<byte> rows)
    {
        CheckStrip(rows.Length);
        for (int offset = 0; offset < rows.Length; offset += _converter.RowBytes)
        {
            _converter.Add(rows.Span.Slice(offset, _converter.RowBytes), _band);
            _rows++;
            await SendTilesAsync().ConfigureAwait(false);
        }
    }

    /// <summary>All rows have come: waits for the tiles that are still out.</summary>
    /// <exception cref="InspectionException">Rows are missing, or a tile was refused.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public async Task<BoardResult> FinishAsync()
    {
        if (_rows < _description.Height)
            throw Invalid("ROWS_MISSING", $"The board ended after {_rows} of its {_description.Height} rows.");

        _converter.Finish(_band);
        await SendTilesAsync().ConfigureAwait(false);
        return await _tiles.FinishAsync(_start, TimeSpan.Zero).ConfigureAwait(false);
    }

    /// <summary>Ends tiles that still run, and gives the memory back when none does.</summary>
    public async ValueTask DisposeAsync()
    {
        await _tiles.DisposeAsync().ConfigureAwait(false);
        _band.Dispose();
    }

    private static async Task<BoardResult> RunAsync(TileSequence tiles, TileGrid grid, DecodedBoard board)
    {
        await using (tiles.ConfigureAwait(false))
        {
            for (int row = 0; row < grid.Rows.Count; row++)
                await tiles.SendRowAsync(board).ConfigureAwait(false);
            return await tiles.FinishAsync(board.Start, board.DecodeTime).ConfigureAwait(false);
        }
    }

    private void CheckStrip(int bytes)
    {
        if (bytes == 0)
            throw Invalid("MESSAGE_EMPTY", "The strip has no rows; it must have one at least.");
        if (bytes % _converter.RowBytes != 0)
        {
            throw Invalid(
                "STRIP_NOT_WHOLE_ROWS",
                $"The strip has {bytes} bytes; a row of {_description.Width} {_description.Format} pixels has {_converter.RowBytes},"
                + " and a strip must have a whole number of them.");
        }

        int rows = bytes / _converter.RowBytes;
        if (rows > _description.Height - _rows)
        {
            throw Invalid(
                "ROWS_EXCESS",
                $"The strip has {rows} rows; {_description.Height - _rows} of the board's {_description.Height} were still to come.");
        }
    }

    /// <summary>Sends the next row of tiles off when its last row of pixels has come.</summary>
    private async Task SendTilesAsync()
    {
        while (_tiles.NextRow < _grid.Rows.Count && _band.End >= Math.Min(_grid.Rows.End(_tiles.NextRow), _description.Height))
        {
            await _tiles.SendRowAsync(_band).ConfigureAwait(false);
            _band.DropBefore(_tiles.NextRow < _grid.Rows.Count ? _grid.Rows.Start(_tiles.NextRow) : _description.Height);
        }
    }

    private static InspectionException Invalid(string reason, string message) =>
        new(InspectionErrorKind.InvalidArgument, reason, message, "rows");
}

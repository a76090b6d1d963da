using System.Diagnostics;
using YMaskNet.Inference.Models;
using YMaskNet.Inference.Results;

namespace YMaskNet.Inference.Boards;

/// <summary>
/// Sends the tiles of a board off, row by row, and puts together what they found, in the order of the rows: while tiles of one row
/// run, those of the next are cut, and no further.
/// </summary>
internal sealed class TileSequence : IAsyncDisposable
{
    private readonly TileGrid _grid;
    private readonly TileRunner _runner;
    private readonly IBoardFindings _findings;
    private readonly BoardTimes _times = new();
    private List<Task<InspectionResult>> _running = [];
    private (string Provider, string Device, ModelPrecision Precision) _ranOn = ("", "", default);

    public TileSequence(BoardPlan plan, TileGrid grid, InspectTile inspect, int tilesInFlight, CancellationToken cancellationToken)
    {
        _grid = grid;
        _runner = new TileRunner(inspect, plan.TileRequest, tilesInFlight, cancellationToken);
        _findings = plan.Manifest.Semantic is null
            ? new BoardDefects(plan.Manifest, grid, plan.MaxDefects, plan.TileRequest.MaskFormat)
            : new BoardRegions(plan.Manifest, grid, plan.TileRequest.MaskFormat);
    }

    /// <summary>The row of tiles that comes next.</summary>
    public int NextRow { get; private set; }

    /// <summary>Cuts the next row's tiles and sends them off, as places come free; then the board's pixels are not needed for them any more.</summary>
    public async Task SendRowAsync(IBoardRows board)
    {
        List<Task<InspectionResult>> tiles = new(_grid.Columns.Count);
        for (int column = 0; column < _grid.Columns.Count; column++)
        {
            tiles.Add(await _runner.StartAsync(
                board, _grid.Columns.Start(column), _grid.Rows.Start(NextRow), _grid.Columns.Length, _grid.Rows.Length).ConfigureAwait(false));
        }

        await CollectAsync(NextRow - 1).ConfigureAwait(false);
        _running = tiles;
        NextRow++;
    }

    /// <summary>Waits for the last tiles.</summary>
    /// <param name="start">Timestamp of the board's beginning.</param>
    /// <param name="decode">How long the board as a whole took to decode.</param>
    public async Task<BoardResult> FinishAsync(long start, TimeSpan decode)
    {
        await CollectAsync(NextRow - 1).ConfigureAwait(false);
        long resultsStart = Stopwatch.GetTimestamp();
        (IReadOnlyList<Defect> defects, IReadOnlyList<Region> regions) = _findings.Finish();
        return new BoardResult
        {
            Width = _grid.Columns.Extent,
            Height = _grid.Rows.Extent,
            Defects = defects,
            Regions = regions,
            Tiling = _grid.Describe(),
            ExecutionProvider = _ranOn.Provider,
            Device = _ranOn.Device,
            Precision = _ranOn.Precision,
            Times = _times.Sum(decode, encoding: Stopwatch.GetElapsedTime(resultsStart), total: Stopwatch.GetElapsedTime(start)),
        };
    }

    public ValueTask DisposeAsync() => _runner.DisposeAsync();

    private async Task CollectAsync(int row)
    {
        if (_running.Count == 0)
            return;
        InspectionResult[] results = new InspectionResult[_running.Count];
        for (int column = 0; column < results.Length; column++)
        {
            results[column] = await _runner.AwaitAsync(_running[column]).ConfigureAwait(false);
            _times.Add(results[column].Times);
        }

        _running = [];
        _ranOn = (results[0].ExecutionProvider, results[0].Device, results[0].Precision);
        long start = Stopwatch.GetTimestamp();
        _findings.AddRow(row, results);
        _times.AddResults(Stopwatch.GetElapsedTime(start));
    }
}

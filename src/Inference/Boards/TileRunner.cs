using System.Runtime.ExceptionServices;
using YMaskNet.Inference.Results;

namespace YMaskNet.Inference.Boards;

/// <summary>Inspects one tile: a model's queue, as a board sees it.</summary>
internal delegate ValueTask<InspectionResult> InspectTile(InspectionRequest request, CancellationToken cancellationToken);

/// <summary>
/// Sends tiles to the model, a bounded number at a time. The first failure ends all others; nothing uses a tile's pixels when
/// <see cref="DisposeAsync"/> has returned.
/// </summary>
internal sealed class TileRunner : IAsyncDisposable
{
    private readonly InspectTile _inspect;
    private readonly InspectionRequest _request;
    private readonly SemaphoreSlim _slots;
    private readonly int _slotCount;
    private readonly CancellationTokenSource _ended;
    private ExceptionDispatchInfo? _failure;

    /// <param name="inspect">The model's queue.</param>
    /// <param name="request">What to do with every tile; its image is replaced.</param>
    /// <param name="tilesInFlight">Tiles that are cut and not yet inspected. Range: >= 1.</param>
    /// <param name="cancellationToken">Ends all tiles.</param>
    public TileRunner(InspectTile inspect, InspectionRequest request, int tilesInFlight, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(tilesInFlight, 1);
        _inspect = inspect;
        _request = request;
        _slotCount = tilesInFlight;
        _slots = new SemaphoreSlim(tilesInFlight, tilesInFlight);
        _ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
    }

    /// <summary>Waits for a place, cuts a tile and sends it off.</summary>
    /// <returns>What will be found on it; if this or another tile fails, awaiting it may end as cancelled: see <see cref="AwaitAsync"/>.</returns>
    public async Task<Task<InspectionResult>> StartAsync(IBoardRows board, int left, int top, int width, int height)
    {
        try
        {
            await _slots.WaitAsync(_ended.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            _failure?.Throw();
            throw;
        }

        return RunAsync(TileImage.Cut(board, left, top, width, height));
    }

    /// <summary>Waits for a tile; throws what failed first.</summary>
    public async Task<InspectionResult> AwaitAsync(Task<InspectionResult> tile)
    {
        try
        {
            return await tile.ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            _failure?.Throw();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _ended.CancelAsync().ConfigureAwait(false);
        for (int slot = 0; slot < _slotCount; slot++)
            await _slots.WaitAsync().ConfigureAwait(false);
        _ended.Dispose();
    }

    private async Task<InspectionResult> RunAsync(TileImage image)
    {
        try
        {
            using (image)
                return await _inspect(_request with { Image = image.Source }, _ended.Token).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            Interlocked.CompareExchange(ref _failure, ExceptionDispatchInfo.Capture(exception), null);
            await _ended.CancelAsync().ConfigureAwait(false);
            throw;
        }
        finally
        {
            _slots.Release();
        }
    }
}

using YMaskNet.Inference;
using YMaskNet.Server.Errors;
using YMaskNet.Server.Hosting;

namespace YMaskNet.Server.WholeBoards;

/// <summary>Bounds the boards in hand, and with them the memory that boards take.</summary>
internal sealed class BoardPlaces(ServerOptions options)
{
    private readonly SemaphoreSlim _places = new(options.MaxBoards, options.MaxBoards);

    /// <summary>Takes a place; disposing it gives it back.</summary>
    /// <exception cref="InspectionException">All places are taken.</exception>
    public Place Enter() => _places.Wait(0, CancellationToken.None)
        ? new Place(_places)
        : throw new InspectionException(
            InspectionErrorKind.ResourceExhausted,
            ErrorReasons.BoardsFull,
            $"The server has {options.MaxBoards} boards in hand; try again later.")
        {
            // A board takes seconds.
            RetryAfter = TimeSpan.FromSeconds(1),
        };

    /// <summary>A place of a board in hand.</summary>
    internal readonly struct Place(SemaphoreSlim places) : IDisposable
    {
        public void Dispose() => places.Release();
    }
}

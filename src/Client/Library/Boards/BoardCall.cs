using Grpc.Core;
using YMaskNet.V1;
using Task = System.Threading.Tasks.Task;

namespace YMaskNet.Client;

/// <summary>Sends a board and waits for its answer.</summary>
internal static class BoardCall
{
    private static readonly TimeSpan StatusGracePeriod = TimeSpan.FromSeconds(1);

    public static async Task<InspectBoardResponse> RunAsync(
        BoardService.BoardServiceClient service,
        BoardInput board,
        BoardOptions options,
        IProgress<BoardProgress>? progress,
        CallOptions callOptions)
    {
        CancellationToken cancellationToken = callOptions.CancellationToken;
        BoardOpening opening = board.Complete(options.ToMessage());
        using CancellationTokenSource over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using AsyncClientStreamingCall<InspectBoardRequest, InspectBoardResponse> call =
            service.InspectBoard(callOptions);

        // A server that refuses the board says so while rows are still being made, or waited for: a camera may take its time.
        Task watching = call.ResponseAsync.ContinueWith(
            _ => over.Cancel(), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        try
        {
            await SendAsync(call.RequestStream, opening, board, progress, over.Token).ConfigureAwait(false);
            return await call.ResponseAsync.ConfigureAwait(false);
        }
        catch (RpcException exception)
        {
            throw await WhyFailedAsync(call, exception, cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException exception) when (call.ResponseAsync.IsCompleted)
        {
            throw await WhyFailedAsync(call, exception, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            call.Dispose();
            await watching.ConfigureAwait(false);
        }
    }

    private static async Task SendAsync(
        IClientStreamWriter<InspectBoardRequest> requests,
        BoardOpening opening,
        BoardInput board,
        IProgress<BoardProgress>? progress,
        CancellationToken over)
    {
        await WriteAsync(requests, new InspectBoardRequest { Opening = opening }, over).ConfigureAwait(false);
        long sent = 0;
        progress?.Report(new BoardProgress(sent, board.TotalBytes));
        await foreach ((InspectBoardRequest message, int bytes) in board.ToMessages(over).ConfigureAwait(false))
        {
            await WriteAsync(requests, message, over).ConfigureAwait(false);
            sent += bytes;
            progress?.Report(new BoardProgress(sent, board.TotalBytes));
        }

        await requests.CompleteAsync().ConfigureAwait(false);
    }

    /// <summary>Keeps what breaks in the transport apart from what breaks in the board's source.</summary>
    private static async Task WriteAsync(IClientStreamWriter<InspectBoardRequest> requests, InspectBoardRequest message, CancellationToken over)
    {
        try
        {
            await requests.WriteAsync(message, over).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is IOException or InvalidOperationException)
        {
            throw new RpcException(new Status(StatusCode.Unavailable, $"The call broke: {exception.Message}", exception));
        }
    }

    /// <summary>The status that the server ended the call with tells more than what a failed write knows, and may arrive a little later.</summary>
    private static async Task<Exception> WhyFailedAsync(
        AsyncClientStreamingCall<InspectBoardRequest, InspectBoardResponse> call, Exception failure, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        try
        {
            await call.ResponseAsync.WaitAsync(StatusGracePeriod, CancellationToken.None).ConfigureAwait(false);
        }
        catch (RpcException status)
        {
            return RpcFailures.Translate(status, cancellationToken);
        }
        catch (TimeoutException)
        {
            // No status comes: what the write knows is all there is.
        }

        return failure is RpcException known
            ? RpcFailures.Translate(known, cancellationToken)
            : new InspectionFailedException(StatusCode.Internal, "", "The server answered before the board was sent.", innerException: failure);
    }
}

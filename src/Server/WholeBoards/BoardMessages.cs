using Grpc.Core;
using YMaskNet.Server.Hosting;
using Wire = YMaskNet.V1;

namespace YMaskNet.Server.WholeBoards;

/// <summary>A caller's messages: the opening, then the parts of the board, each of the kind that the opening announced.</summary>
/// <param name="requests">The messages.</param>
/// <param name="shutdown">Ends the reading when the server stops.</param>
/// <param name="idleLimit">How long the next message may take: a board holds one of few places.</param>
/// <param name="time">The server's clock.</param>
/// <param name="callerLeft">Ends the reading.</param>
internal sealed class BoardMessages(
    IAsyncStreamReader<Wire.InspectBoardRequest> requests,
    ServerShutdown shutdown,
    TimeSpan idleLimit,
    TimeProvider time,
    CancellationToken callerLeft)
{
    private const string Rows = "rows";
    private const string FilePiece = "file_piece";

    /// <summary>Reads the first message.</summary>
    public async Task<Wire.BoardOpening> ReadOpeningAsync() =>
        await MoveNextAsync()
            ? requests.Current.MessageCase switch
            {
                Wire.InspectBoardRequest.MessageOneofCase.Opening => requests.Current.Opening,
                Wire.InspectBoardRequest.MessageOneofCase.None => throw BoardErrors.OpeningMissing(
                    "The first message of a board must be its opening; it is empty."),
                _ => throw BoardErrors.OpeningMissing("The first message of a board must be its opening, not a part of it."),
            }
            : throw BoardErrors.OpeningMissing("The call ended without an opening.");

    /// <summary>The strips of a raw board, to the end of the caller's side.</summary>
    public IAsyncEnumerable<ReadOnlyMemory<byte>> ReadRowsAsync() =>
        ReadAsync(Wire.InspectBoardRequest.MessageOneofCase.Rows, Rows);

    /// <summary>The pieces of an encoded board, to the end of the caller's side.</summary>
    public IAsyncEnumerable<ReadOnlyMemory<byte>> ReadFileAsync() =>
        ReadAsync(Wire.InspectBoardRequest.MessageOneofCase.FilePiece, FilePiece);

    private async IAsyncEnumerable<ReadOnlyMemory<byte>> ReadAsync(Wire.InspectBoardRequest.MessageOneofCase expected, string name)
    {
        while (await MoveNextAsync())
        {
            Wire.InspectBoardRequest message = requests.Current;
            yield return message.MessageCase switch
            {
                Wire.InspectBoardRequest.MessageOneofCase.Opening => throw BoardErrors.OpeningRepeated(),
                Wire.InspectBoardRequest.MessageOneofCase.None => throw BoardErrors.MessageEmpty(name),
                Wire.InspectBoardRequest.MessageOneofCase.Rows when expected == message.MessageCase => message.Rows.Memory,
                Wire.InspectBoardRequest.MessageOneofCase.FilePiece when expected == message.MessageCase => message.FilePiece.Memory,
                _ => throw BoardErrors.FormMismatch(name, name == Rows ? FilePiece : Rows),
            };
        }
    }

    private async Task<bool> MoveNextAsync()
    {
        using CancellationTokenSource idle = new(idleLimit, time);
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(callerLeft, shutdown.Stopping, idle.Token);
        try
        {
            return await requests.MoveNext(stop.Token);
        }
        catch (OperationCanceledException) when (shutdown.Stopping.IsCancellationRequested && !callerLeft.IsCancellationRequested)
        {
            throw BoardErrors.ServerStopping();
        }
        catch (OperationCanceledException) when (idle.IsCancellationRequested && !callerLeft.IsCancellationRequested)
        {
            throw BoardErrors.Idle(idleLimit);
        }
        catch (IOException)
        {
            // A caller that resets its stream breaks the read a moment before the call's token tells of it.
            throw new RpcException(new Status(StatusCode.Cancelled, "The call was cancelled."));
        }
    }
}

using Google.Protobuf;

namespace YMaskNet.Server.Tests.WholeBoards;

/// <summary>A caller's side of InspectBoard.</summary>
internal sealed class SentBoard(AsyncClientStreamingCall<Wire.InspectBoardRequest, Wire.InspectBoardResponse> call) : IDisposable
{
    public static SentBoard Start(TestServer server, CancellationToken cancellationToken = default) =>
        new(server.Boards.InspectBoard(cancellationToken: cancellationToken));

    /// <summary>Sends a whole board in strips of so many rows.</summary>
    public static async Task<Wire.InspectBoardResponse> InspectAsync(
        TestServer server, Wire.BoardOpening opening, BlobBoard board, int rowsInStrip)
    {
        using SentBoard sent = Start(server);
        await sent.OpenAsync(Raw(opening, board.Width, board.Height));
        for (int row = 0; row < board.Height; row += rowsInStrip)
            await sent.SendRowsAsync(board.Pixels.AsMemory(row * board.Width, Math.Min(rowsInStrip, board.Height - row) * board.Width));
        return await sent.EndAsync();
    }

    /// <summary>Sends a file in pieces of so many bytes.</summary>
    public static async Task<Wire.InspectBoardResponse> InspectFileAsync(
        TestServer server, Wire.BoardOpening opening, byte[] file, int pieceBytes)
    {
        using SentBoard sent = Start(server);
        Wire.BoardOpening encoded = opening.Clone();
        encoded.Encoded = new Wire.EncodedBoard { SizeBytes = (ulong)file.Length };
        await sent.OpenAsync(encoded);
        for (int offset = 0; offset < file.Length; offset += pieceBytes)
        {
            await sent.SendAsync(new Wire.InspectBoardRequest
            {
                FilePiece = ByteString.CopyFrom(file, offset, Math.Min(pieceBytes, file.Length - offset)),
            });
        }

        return await sent.EndAsync();
    }

    public static Wire.BoardOpening Raw(Wire.BoardOpening opening, int width, int height, Wire.PixelFormat format = Wire.PixelFormat.Mono8)
    {
        Wire.BoardOpening raw = opening.Clone();
        raw.Raw = new Wire.RawBoard { Width = (uint)width, Height = (uint)height, PixelFormat = format };
        return raw;
    }

    public Task OpenAsync(Wire.BoardOpening opening) => SendAsync(new Wire.InspectBoardRequest { Opening = opening });

    public Task SendRowsAsync(ReadOnlyMemory<byte> rows) =>
        SendAsync(new Wire.InspectBoardRequest { Rows = ByteString.CopyFrom(rows.Span) });

    /// <summary>Sends a message; one that finds the call at its end is dropped, since its answer says why.</summary>
    public async Task SendAsync(Wire.InspectBoardRequest message)
    {
        try
        {
            await call.RequestStream.WriteAsync(message);
        }
        catch (Exception exception) when (exception is InvalidOperationException or RpcException)
        {
            await Task.WhenAny(call.ResponseAsync);
        }
    }

    public Task<Wire.InspectBoardResponse> AnswerAsync() => call.ResponseAsync;

    public async Task<Wire.InspectBoardResponse> EndAsync()
    {
        try
        {
            await call.RequestStream.CompleteAsync();
        }
        catch (Exception exception) when (exception is InvalidOperationException or RpcException)
        {
            await Task.WhenAny(call.ResponseAsync);
        }

        return await call.ResponseAsync;
    }

    public void Dispose() => call.Dispose();
}

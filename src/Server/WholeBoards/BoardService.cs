using Grpc.Core;
using YMaskNet.Inference;
using YMaskNet.Inference.Boards;
using YMaskNet.Server.Errors;
using YMaskNet.Server.Hosting;
using YMaskNet.Server.Mapping;
using YMaskNet.Server.Models;
using Wire = YMaskNet.V1;

namespace YMaskNet.Server.WholeBoards;

/// <summary>ymasknet.v1.BoardService.</summary>
internal sealed class BoardService(
    EngineHost host, ServerOptions options, ServerShutdown shutdown, BoardPlaces places, TimeProvider time, ILogger<BoardService> log)
    : Wire.BoardService.BoardServiceBase
{
    // Fields of the opening are named from the message that the caller sent.
    private const string OpeningField = "opening";

    public override async Task<Wire.InspectBoardResponse> InspectBoard(
        IAsyncStreamReader<Wire.InspectBoardRequest> requestStream, ServerCallContext context)
    {
        CancellationToken callerLeft = context.CancellationToken;
        BoardMessages messages = new(requestStream, shutdown, options.BoardIdleLimit, time, callerLeft);
        Wire.BoardOpening opening = await messages.ReadOpeningAsync();
        (InspectionModel model, BoardRequest request) = InOpening(() => Accept(opening));
        using BoardPlaces.Place place = places.Enter();
        BoardLog.Opened(log, model.Manifest.Reference, request.Task);

        BoardResult result = opening.FormCase switch
        {
            Wire.BoardOpening.FormOneofCase.Raw => await InspectRowsAsync(model, request, opening.Raw, messages, callerLeft),
            Wire.BoardOpening.FormOneofCase.Encoded => await InspectFileAsync(model, request, opening.Encoded, messages, callerLeft),
            _ => throw BoardErrors.FormMissing(),
        };

        Wire.InspectBoardResponse response = ResponseMapping.ToBoardResponse(result, model);
        if (response.CalculateSize() > options.MaxResponseBytes)
            throw ErrorTable.ToRpcException(ErrorTable.MessageTooLarge($"The answer is above the limit of {options.MaxResponseBytes} bytes."));
        BoardLog.Answered(
            log, model.Manifest.Reference, result.Width, result.Height, result.Tiling.TileCount, result.Times.Total.TotalMilliseconds);
        return response;
    }

    private (InspectionModel Model, BoardRequest Request) Accept(Wire.BoardOpening opening)
    {
        InspectionModel model = host.Engine.GetModel(opening.Model);
        BoardRequest request = BoardSettings.Read(opening, model.InspectionsAtOnce + 1);
        BoardInspection.Check(model, request);
        return (model, request);
    }

    private async Task<BoardResult> InspectRowsAsync(
        InspectionModel model, BoardRequest request, Wire.RawBoard raw, BoardMessages messages, CancellationToken callerLeft)
    {
        BoardInspection board = InOpening(
            () => BoardInspection.Open(model, request, RequestMapping.ToBoard(raw), options.FrameLimits, callerLeft));
        await using (board)
        {
            await foreach (ReadOnlyMemory<byte> rows in messages.ReadRowsAsync())
                await board.AddRowsAsync(rows);
            BoardLog.Received(log, model.Manifest.Reference);
            return await board.FinishAsync();
        }
    }

    private async Task<BoardResult> InspectFileAsync(
        InspectionModel model, BoardRequest request, Wire.EncodedBoard encoded, BoardMessages messages, CancellationToken callerLeft)
    {
        if (encoded.SizeBytes == 0)
            throw BoardErrors.FileSizeMissing();
        if (encoded.SizeBytes > (ulong)options.MaxBoardFileBytes)
            throw BoardErrors.FileTooLarge(encoded.SizeBytes, options.MaxBoardFileBytes);

        using DecodedBoard board = await DecodeAsync(messages, (int)encoded.SizeBytes, callerLeft);
        BoardLog.Received(log, model.Manifest.Reference);
        return await InOpening(() => BoardInspection.InspectAsync(model, request, board, callerLeft));
    }

    // The file's memory is free when its pixels are there.
    private async Task<DecodedBoard> DecodeAsync(BoardMessages messages, int size, CancellationToken callerLeft) =>
        DecodedBoard.Decode(await ReadFileAsync(messages, size), options.FrameLimits, callerLeft);

    private static async Task<ReadOnlyMemory<byte>> ReadFileAsync(BoardMessages messages, int size)
    {
        byte[] file = new byte[size];
        int read = 0;
        await foreach (ReadOnlyMemory<byte> piece in messages.ReadFileAsync())
        {
            if (piece.IsEmpty)
                throw BoardErrors.MessageEmpty("file_piece");
            if (piece.Length > size - read)
                throw BoardErrors.FileSizeMismatch($"The pieces have {read + (long)piece.Length} bytes or more; the opening says {size}.");
            piece.CopyTo(file.AsMemory(read));
            read += piece.Length;
        }

        return read == size ? file : throw BoardErrors.FileSizeMismatch($"The pieces have {read} bytes; the opening says {size}.");
    }

    private static T InOpening<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (InspectionException error) when (error.Field is not null)
        {
            throw new InspectionException(error.Kind, error.Reason, error.Message, $"{OpeningField}.{error.Field}", error);
        }
    }
}

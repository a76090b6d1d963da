using Grpc.Core;
using YMaskNet.V1;

namespace YMaskNet.Client.Tests.Support;

/// <summary>A board service that answers as a test says.</summary>
public sealed class ScriptedBoards : BoardService.BoardServiceBase
{
    public Func<IAsyncStreamReader<InspectBoardRequest>, ServerCallContext, Task<InspectBoardResponse>>? OnBoard { get; set; }

    /// <summary>Reads a board to its end.</summary>
    public static async Task<List<InspectBoardRequest>> ReadAllAsync(IAsyncStreamReader<InspectBoardRequest> requests)
    {
        List<InspectBoardRequest> messages = [];
        while (await requests.MoveNext(CancellationToken.None))
            messages.Add(requests.Current.Clone());
        return messages;
    }

    public override Task<InspectBoardResponse> InspectBoard(IAsyncStreamReader<InspectBoardRequest> requestStream, ServerCallContext context) =>
        (OnBoard ?? throw new RpcException(new Status(StatusCode.Unimplemented, "not in the test's script")))(requestStream, context);
}

#include "board_call.h"

#include <string>
#include <utility>

#include "answers.h"
#include "board_source.h"
#include "cancellation_state.h"
#include "failure.h"
#include "payload_message.h"
#include "requests.h"
#include "status_errors.h"
#include "stream_call.h"

namespace ymasknet {
namespace {

const std::string kMethod = "/ymasknet.v1.BoardService/InspectBoard";

// One on its way, and one that is ready when that has left.
constexpr std::size_t kMostWaitingPieces = 2;

/// Sends the pieces, as long as the server takes them.
/// @return Whether it took all.
bool SendPieces(StreamCall& call, BoardPieces& pieces, const BoardOptions& options) {
    std::uint64_t sent = 0;
    while (true) {
        // Asked before the source, so that nothing is drawn from it that will not be sent.
        if (call.WaitForRoom() != StreamCall::Room::Free)
            return false;
        if (options.progress)
            options.progress(sent, pieces.total_bytes());
        Buffer piece = pieces.Next();
        if (piece.empty())
            return true;
        sent += piece.size();
        call.Write(PayloadMessage(pieces.field(), std::move(piece)).ToByteBuffer());
    }
}

BoardResult InspectOnce(Connection& connection, const Board& board, const BoardOptions& options, Deadline deadline,
                        const std::optional<Cancellation>& cancellation) {
    const std::unique_ptr<BoardPieces> pieces = BoardAccess::SourceOf(board).Open();
    v1::InspectBoardRequest request;
    *request.mutable_opening() = BoardOpeningOf(options);
    pieces->Describe(*request.mutable_opening());

    StreamCall call(connection, kMethod, deadline);
    const CancellationAccess::Registration registration(cancellation, [&call] { call.Cancel(); });
    call.LimitWaiting(kMostWaitingPieces);
    call.Write(ToByteBuffer(request));
    const bool complete = SendPieces(call, *pieces, options);
    if (complete)
        call.WritesDone();

    grpc::ByteBuffer answer;
    const bool answered = call.Read(answer);
    const grpc::Status status = call.Finish();
    if (!status.ok())
        throw ToError(status);
    if (!answered || !complete)
        throw ServerBreach(answered ? "answered before the board was sent" : "ended the call without an answer");

    v1::InspectBoardResponse response;
    Parse(answer, response);
    return ToResult(std::move(response), options.inspection.masks);
}

}  // namespace

BoardResult InspectBoard(Connection& connection, const Board& board, const BoardOptions& options,
                         const CallOptions& call) {
    const Deadline deadline = connection.DeadlineOf(call);
    CallOptions attempts = call;
    if (!BoardAccess::SourceOf(board).is_repeatable())
        attempts.retry = RetryPolicy{1, {}, 1, {}};
    return connection.Attempts(attempts, deadline).Run([&] {
        return InspectOnce(connection, board, options, deadline, call.cancellation);
    });
}

}  // namespace ymasknet

#include "session_stream.h"

#include <algorithm>
#include <string>
#include <utility>

#include "answers.h"
#include "cancellation_state.h"
#include "failure.h"
#include "payload_message.h"
#include "requests.h"
#include "status_errors.h"
#include "wire_time.h"

namespace ymasknet {
namespace {

const std::string kMethod = "/ymasknet.v1.InspectionService/InspectStream";

}  // namespace

std::unique_ptr<Session::Stream> Session::Stream::Open(const std::shared_ptr<Connection>& connection,
                                                       const SessionOptions& options) {
    CallOptions call;
    call.cancellation = options.cancellation;
    const Deadline deadline = After<std::chrono::system_clock>(options.opening_timeout);
    return connection->Attempts(call, deadline).Run([&] {
        return std::unique_ptr<Stream>(new Stream(connection, options, deadline));
    });
}

Session::Stream::Stream(std::shared_ptr<Connection> connection, const SessionOptions& options, Deadline deadline)
    : connection_(std::move(connection)), masks_(options.inspection.masks), call_(*connection_, kMethod, std::nullopt) {
    Begin(options, deadline);
}

void Session::Stream::Begin(const SessionOptions& options, Deadline deadline) {
    const CancellationAccess::Registration registration(options.cancellation, [this] { call_.Cancel(); });
    call_.Write(OpeningRequest(options));

    // The call itself has no deadline: it would be the session's.
    const auto patience = std::chrono::steady_clock::now() + (*deadline - std::chrono::system_clock::now());
    if (!call_.WaitForAnswer(patience)) {
        throw Failure(
            StatusCode::DeadlineExceeded, "",
            "The server did not open the session within " + std::to_string(options.opening_timeout.count()) + " ms.");
    }

    grpc::ByteBuffer answer;
    if (!call_.Read(answer))
        throw WhyOver();
    v1::InspectStreamResponse response;
    Parse(answer, response);
    if (!response.has_opened())
        throw ServerBreach("answered the opening with something else");

    model_ = ToReference(response.opened().model());
    server_time_ = ToTime(response.opened().server_time());
    const std::uint32_t servers = std::max(response.opened().max_frames_in_flight(), 1u);
    max_frames_in_flight_ = std::min(servers, options.max_frames_in_flight.value_or(servers));
    call_.LimitUnanswered(max_frames_in_flight_);
}

bool Session::Stream::Send(const Frame& frame, Patience patience) {
    std::unique_lock sending(sending_, std::defer_lock);
    if (!patience)
        sending.lock();
    else if (!sending.try_lock_until(*patience))
        return false;

    switch (call_.WaitForRoom(patience)) {
        case StreamCall::Room::Free:
            break;
        case StreamCall::Room::None:
            return false;
        case StreamCall::Room::Refused:
            throw Failure(StatusCode::FailedPrecondition, "SESSION_CLOSED",
                          "The session is closed: no frame can follow.");
        case StreamCall::Room::Over:
            throw WhyOver();
    }

    grpc::ByteBuffer message = FrameRequest(frame);
    {
        const std::lock_guard lock(state_mutex_);
        unanswered_.push_back(frame.id);
    }
    call_.Write(std::move(message));
    return true;
}

void Session::Stream::Close() {
    // A thread that waits for room in Send is told first; it would keep this one waiting.
    call_.RefuseMessages();
    const std::lock_guard sending(sending_);
    closed_ = true;
    call_.WritesDone();
}

std::optional<FrameResult> Session::Stream::Receive() {
    const std::lock_guard receiving(receiving_);
    grpc::ByteBuffer answer;
    if (!call_.Read(answer)) {
        if (IsComplete())
            return std::nullopt;
        throw WhyOver();
    }

    v1::InspectStreamResponse response;
    Parse(answer, response);
    if (!response.has_result())
        throw Break("answered a frame with something else");
    const std::optional<std::uint64_t> expected = TakeUnanswered();
    if (!expected || response.result().frame_id() != *expected) {
        throw Break("answered frame " + std::to_string(response.result().frame_id()) + " where frame " +
                    (expected ? std::to_string(*expected) : "none") + " was next");
    }
    return ToResult(std::move(*response.mutable_result()), masks_);
}

bool Session::Stream::IsComplete() {
    const std::lock_guard sending(sending_);
    const std::lock_guard lock(state_mutex_);
    return closed_ && unanswered_.empty() && call_.Finish().ok() && !call_.had_excess_answer();
}

std::optional<std::uint64_t> Session::Stream::TakeUnanswered() {
    const std::lock_guard lock(state_mutex_);
    if (unanswered_.empty())
        return std::nullopt;
    const std::uint64_t id = unanswered_.front();
    unanswered_.pop_front();
    return id;
}

Error Session::Stream::Break(const std::string& what) {
    {
        const std::lock_guard lock(state_mutex_);
        breach_ = ServerBreach(what);
    }
    call_.Cancel();
    return WhyOver();
}

Error Session::Stream::WhyOver() {
    const grpc::Status status = call_.Finish();
    if (call_.had_excess_answer())
        return ServerBreach("answered a frame that it never got");
    const std::lock_guard lock(state_mutex_);
    if (breach_)
        return *breach_;
    return status.ok() ? ServerBreach("ended the session before it was complete") : ToError(status);
}

}  // namespace ymasknet

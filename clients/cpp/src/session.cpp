#include "ymasknet/session.h"

#include <string_view>
#include <utility>

#include "session_stream.h"

namespace ymasknet {

std::string_view Name(Verdict verdict) noexcept {
    switch (verdict) {
        case Verdict::Pass:
            return "PASS";
        case Verdict::Fail:
            return "FAIL";
        case Verdict::Error:
            return "ERROR";
        case Verdict::Late:
            return "LATE";
        case Verdict::Dropped:
            return "DROPPED";
    }
    return "UNKNOWN";
}

Session::Session(std::unique_ptr<Stream> stream) noexcept : stream_(std::move(stream)) {}

Session::Session(Session&& other) noexcept = default;

Session& Session::operator=(Session&& other) noexcept = default;

Session::~Session() = default;

const ModelReference& Session::model() const noexcept {
    return stream_->model();
}

std::chrono::system_clock::time_point Session::server_time() const noexcept {
    return stream_->server_time();
}

std::uint32_t Session::max_frames_in_flight() const noexcept {
    return stream_->max_frames_in_flight();
}

std::uint32_t Session::frames_in_flight() const {
    return stream_->frames_in_flight();
}

void Session::Send(const Frame& frame) {
    stream_->Send(frame, std::nullopt);
}

bool Session::TrySend(const Frame& frame, std::chrono::milliseconds patience) {
    return stream_->Send(frame, After<std::chrono::steady_clock>(patience));
}

void Session::Close() {
    stream_->Close();
}

std::optional<FrameResult> Session::Receive() {
    return stream_->Receive();
}

bool Session::WaitForResult(std::chrono::milliseconds patience) const {
    return stream_->WaitForResult(After<std::chrono::steady_clock>(patience));
}

void Session::Cancel() {
    stream_->Cancel();
}

}  // namespace ymasknet

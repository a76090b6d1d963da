// The state of a session.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "stream_call.h"
#include "ymasknet/session.h"

namespace ymasknet {

class Session::Stream {
  public:
    /// Opens a session, again where that helps.
    /// @throws Error
    static std::unique_ptr<Stream> Open(const std::shared_ptr<Connection>& connection, const SessionOptions& options);

    const ModelReference& model() const noexcept { return model_; }
    std::chrono::system_clock::time_point server_time() const noexcept { return server_time_; }
    std::uint32_t max_frames_in_flight() const noexcept { return max_frames_in_flight_; }
    std::uint32_t frames_in_flight() const { return static_cast<std::uint32_t>(call_.unanswered()); }

    /// @return Whether the frame is on its way; false only when the patience has an end.
    bool Send(const Frame& frame, Patience patience);
    void Close();
    std::optional<FrameResult> Receive();
    bool WaitForResult(Patience patience) const { return call_.WaitForAnswer(patience); }
    void Cancel() { call_.Cancel(); }

  private:
    Stream(std::shared_ptr<Connection> connection, const SessionOptions& options, Deadline deadline);

    /// Exchanges the opening and its answer.
    void Begin(const SessionOptions& options, Deadline deadline);

    /// The reason why the session has failed.
    Error WhyOver();

    /// Ends the session because the server broke the protocol.
    Error Break(const std::string& what);

    /// Whether the session has ended as it should.
    bool IsComplete();

    /// The frame whose result is next; nothing when every frame is answered.
    std::optional<std::uint64_t> TakeUnanswered();

    std::shared_ptr<Connection> connection_;
    bool masks_;
    ModelReference model_;
    std::chrono::system_clock::time_point server_time_;
    std::uint32_t max_frames_in_flight_ = 0;

    // Frames are queued in the order of their ids here.
    std::timed_mutex sending_;
    bool closed_ = false;

    // Results are matched with the ids in the order in which they are taken.
    std::mutex receiving_;

    std::mutex state_mutex_;
    std::deque<std::uint64_t> unanswered_;
    std::optional<Error> breach_;

    // Last, so that it ends before what it is used with.
    StreamCall call_;
};

}  // namespace ymasknet

/// @file
/// A camera's stream of frames.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>

#include "ymasknet/export.h"
#include "ymasknet/frame.h"
#include "ymasknet/options.h"
#include "ymasknet/recipe.h"
#include "ymasknet/results.h"

namespace ymasknet {

/// What a session does with frames that come faster than they are inspected.
enum class FramePolicy {
    /// Every frame is inspected; the caller is slowed.
    Block = 1,
    /// A frame that finds the session full takes the place of the one that has waited longest, which gets
    /// Verdict::Dropped.
    DropOldest = 2,
    /// The same with room for one: the newest frame waits, every other that waits is dropped.
    LatestOnly = 3,
};

/// Which session's frames are inspected first. It is strict: while a higher one waits, no lower one starts.
enum class Priority {
    /// When nothing else waits.
    Low = 1,
    /// The usual one, also of single calls.
    Normal = 2,
    /// Before all others, for example a station that stops the line.
    High = 3,
};

/// What a session does with every frame.
struct SessionOptions {
    /// A session for a task; the rest is optional.
    explicit SessionOptions(Task session_task) : task(session_task) {}

    /// The task.
    Task task;
    /// Model, filters and whether to return masks. Filters are refused for Task::Segment.
    InspectionOptions inspection;
    /// Most frames that are sent and whose result has not been taken yet; the server's own number is used where that is
    /// lower. It bounds the memory on both sides. Range: at least 1. Default: the server's number.
    std::optional<std::uint32_t> max_frames_in_flight;
    /// What happens to frames that come faster than they are inspected.
    FramePolicy frame_policy = FramePolicy::Block;
    /// Which session's frames are inspected first.
    Priority priority = Priority::Normal;
    /// What makes a frame fail. Default: anything found.
    std::optional<Recipe> recipe;
    /// How long the opening may take, all attempts together.
    std::chrono::milliseconds opening_timeout{30000};
    /// Ends the opening from another thread; it has no effect on the session once that stands.
    std::optional<Cancellation> cancellation;
};

/// A stream of frames under one task and one model. Frames are answered in order, each exactly once.
///
/// At most max_frames_in_flight() frames are on their way: sent, and their result not taken. So send and receive on two
/// threads, or receive on one thread whenever TrySend says that there is no room.
///
/// Threads: every method may be called from any thread at any time, but for the destructor and moving. Frames have the
/// order in which their sending began, results are given out in that order.
///
/// A session that fails stays failed: sending and receiving throw the same Error; results that came before are received
/// first. A server that ends, dies or falls silent (keep-alive) makes it fail.
class YMASKNET_EXPORT Session {
  public:
    Session(Session&& other) noexcept;
    Session& operator=(Session&& other) noexcept;

    /// Ends the session. One that is not complete is cancelled, on the server too. It must be the last call; one that
    /// was moved from can only be destroyed or assigned to.
    ~Session();

    /// The model that answers for the whole session.
    const ModelReference& model() const noexcept;

    /// The server's clock when it opened the session, by which Frame::deadline is meant.
    std::chrono::system_clock::time_point server_time() const noexcept;

    /// Most frames on their way: the lower of the caller's and the server's number.
    std::uint32_t max_frames_in_flight() const noexcept;

    /// Frames on their way now.
    std::uint32_t frames_in_flight() const;

    /// Sends a frame, as soon as there is room. Returns when the frame is on its way, before it is answered: a view's
    /// memory may be written again then.
    /// @throws Error The session has failed or was cancelled; `SESSION_CLOSED`.
    void Send(const Frame& frame);

    /// Sends a frame if there is room now or within a time.
    /// @param patience How long to wait for room. Default: not at all.
    /// @return Whether the frame is on its way. If not, it was not sent.
    /// @throws Error As Send.
    bool TrySend(const Frame& frame, std::chrono::milliseconds patience = std::chrono::milliseconds(0));

    /// Says that no frame follows. Results of the frames on their way still come. A second call does nothing.
    void Close();

    /// The next result, in the order of the frames; waits for it.
    /// @return Nothing when the session is complete: closed, and every frame answered.
    /// @throws Error The session has failed or was cancelled; `MASK_DAMAGED`, of this result alone.
    std::optional<FrameResult> Receive();

    /// Waits until Receive would not wait.
    /// @param patience How long to wait.
    /// @return Whether Receive would give a result, the end or an error at once.
    bool WaitForResult(std::chrono::milliseconds patience) const;

    /// Ends the session at once, on the server too. Waiting calls throw CANCELLED; results that came before can be
    /// received.
    void Cancel();

  private:
    friend class Client;
    class Stream;

    explicit Session(std::unique_ptr<Stream> stream) noexcept;

    std::unique_ptr<Stream> stream_;
};

}  // namespace ymasknet

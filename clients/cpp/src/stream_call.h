// A call whose messages and answers go their ways independently.
#pragma once

#include <grpcpp/client_context.h>
#include <grpcpp/support/byte_buffer.h>
#include <grpcpp/support/client_callback.h>
#include <grpcpp/support/status.h>

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <limits>
#include <mutex>
#include <optional>
#include <string>

#include "connection.h"
#include "deadline.h"

namespace ymasknet {

/// One call of a streaming method. Messages are queued and sent in their order; answers are queued until they are
/// taken. gRPC's threads run the private methods, which throw nothing and wait for nobody; all other methods may be
/// called from any thread.
class StreamCall final : private grpc::ClientBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer> {
  public:
    /// Room for messages.
    enum class Room {
        /// There is some.
        Free,
        /// There was none as long as the caller would wait.
        None,
        /// RefuseMessages was called.
        Refused,
        /// The call is over, or about to be: Finish says why.
        Over,
    };

    /// Starts the call.
    StreamCall(Connection& connection, const std::string& method, Deadline deadline);

    /// Ends it, if it has not ended.
    ~StreamCall() override;

    StreamCall(const StreamCall&) = delete;
    StreamCall& operator=(const StreamCall&) = delete;

    /// Most messages that wait to be sent, or are being sent. Default: any number.
    void LimitWaiting(std::size_t messages);

    /// Most messages whose answer has not been taken. Default: any number.
    void LimitUnanswered(std::size_t messages);

    /// Waits until one more message would keep the limits.
    Room WaitForRoom(Patience patience = std::nullopt);

    /// Queues a message. Whether there is room is the caller's business: one thread at a time waits and writes. A
    /// message to a call that is over, or after WritesDone, is dropped.
    void Write(grpc::ByteBuffer message);

    /// Lets WaitForRoom give Refused from now on.
    void RefuseMessages();

    /// No message follows. Call it once, when no other thread writes.
    void WritesDone();

    /// Takes the next answer; waits for it.
    /// @return Whether there is one. If not, the call is over and all its answers have been taken.
    bool Read(grpc::ByteBuffer& answer);

    /// Waits until Read would not wait.
    bool WaitForAnswer(Patience patience) const;

    /// Messages written and not answered, or whose answer has not been taken.
    std::size_t unanswered() const;

    /// Ends the call, on the server too.
    void Cancel() { context_.TryCancel(); }

    /// Waits for the end of the call.
    grpc::Status Finish();

    /// Whether there were more answers than messages.
    bool had_excess_answer() const;

  private:
    void OnWriteDone(bool ok) override;
    void OnWritesDoneDone(bool ok) override;
    void OnReadDone(bool ok) override;
    void OnDone(const grpc::Status& status) override;

    /// With the lock held: whether the caller must give up the hold that keeps the call from being done while other
    /// threads may start a write.
    bool TakeHold();

    bool HasRoom() const { return outgoing_.size() < most_waiting_ && written_ - taken_ < most_unanswered_; }

    grpc::ClientContext context_;
    mutable std::mutex mutex_;
    mutable std::condition_variable changed_;

    // The first is being sent while writing_. A deque, since sending needs it to stay where it is.
    std::deque<grpc::ByteBuffer> outgoing_;
    std::deque<grpc::ByteBuffer> incoming_;
    grpc::ByteBuffer reading_;
    std::size_t most_waiting_ = std::numeric_limits<std::size_t>::max();
    std::size_t most_unanswered_ = std::numeric_limits<std::size_t>::max();
    std::size_t written_ = 0;
    std::size_t answered_ = 0;
    std::size_t taken_ = 0;

    // A write or the end of writes is under way; only then may a write be started without the hold.
    bool writing_ = false;
    bool ending_ = false;
    bool refusing_ = false;
    bool stopped_ = false;
    bool excess_answer_ = false;
    bool holding_ = true;
    std::optional<grpc::Status> status_;
};

}  // namespace ymasknet

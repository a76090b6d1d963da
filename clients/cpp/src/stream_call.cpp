#include "stream_call.h"

#include <utility>

namespace ymasknet {
namespace {

template <class Condition>
bool Wait(std::condition_variable& changed, std::unique_lock<std::mutex>& lock, Patience patience,
          Condition condition) {
    if (patience)
        return changed.wait_until(lock, *patience, condition);
    changed.wait(lock, condition);
    return true;
}

}  // namespace

StreamCall::StreamCall(Connection& connection, const std::string& method, Deadline deadline) {
    connection.Prepare(context_, deadline);
    connection.stub().PrepareBidiStreamingCall(&context_, method, {}, this);
    AddHold();
    StartRead(&reading_);
    StartCall();
}

StreamCall::~StreamCall() {
    Cancel();
    Finish();
}

void StreamCall::LimitWaiting(std::size_t messages) {
    const std::lock_guard lock(mutex_);
    most_waiting_ = messages;
}

void StreamCall::LimitUnanswered(std::size_t messages) {
    const std::lock_guard lock(mutex_);
    most_unanswered_ = messages;
}

StreamCall::Room StreamCall::WaitForRoom(Patience patience) {
    std::unique_lock lock(mutex_);
    const bool decided = Wait(changed_, lock, patience, [this] { return stopped_ || refusing_ || HasRoom(); });
    // Who has closed the session is told so, whether or not the server has ended it meanwhile.
    if (refusing_)
        return Room::Refused;
    if (stopped_)
        return Room::Over;
    return decided ? Room::Free : Room::None;
}

void StreamCall::Write(grpc::ByteBuffer message) {
    const grpc::ByteBuffer* first = nullptr;
    {
        const std::lock_guard lock(mutex_);
        if (stopped_ || ending_)
            return;
        ++written_;
        outgoing_.push_back(std::move(message));
        if (writing_)
            return;
        writing_ = true;
        first = &outgoing_.front();
    }
    // Outside the lock: gRPC may run OnWriteDone before this returns.
    StartWrite(first);
}

void StreamCall::RefuseMessages() {
    const std::lock_guard lock(mutex_);
    refusing_ = true;
    changed_.notify_all();
}

void StreamCall::WritesDone() {
    {
        const std::lock_guard lock(mutex_);
        if (stopped_ || ending_)
            return;
        ending_ = true;
        if (writing_)
            return;
        writing_ = true;
    }
    StartWritesDone();
}

bool StreamCall::Read(grpc::ByteBuffer& answer) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return !incoming_.empty() || status_; });
    if (incoming_.empty())
        return false;
    answer.Swap(&incoming_.front());
    incoming_.pop_front();
    ++taken_;
    changed_.notify_all();
    return true;
}

bool StreamCall::WaitForAnswer(Patience patience) const {
    std::unique_lock lock(mutex_);
    return Wait(changed_, lock, patience, [this] { return !incoming_.empty() || status_; });
}

std::size_t StreamCall::unanswered() const {
    const std::lock_guard lock(mutex_);
    return written_ - taken_;
}

grpc::Status StreamCall::Finish() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return status_.has_value(); });
    return *status_;
}

bool StreamCall::had_excess_answer() const {
    const std::lock_guard lock(mutex_);
    return excess_answer_;
}

bool StreamCall::TakeHold() {
    return !writing_ && std::exchange(holding_, false);
}

void StreamCall::OnWriteDone(bool ok) {
    // Let go without the lock: the owner of an image's memory is the caller's code.
    std::deque<grpc::ByteBuffer> dropped;
    const grpc::ByteBuffer* next = nullptr;
    bool end = false;
    bool release = false;
    {
        const std::lock_guard lock(mutex_);
        dropped.push_back(outgoing_.front());
        outgoing_.pop_front();
        stopped_ = stopped_ || !ok;
        if (!stopped_ && !outgoing_.empty())
            next = &outgoing_.front();
        end = !stopped_ && next == nullptr && ending_;
        writing_ = next != nullptr || end;
        if (stopped_) {
            dropped.insert(dropped.end(), outgoing_.begin(), outgoing_.end());
            outgoing_.clear();
            release = TakeHold();
        }
        changed_.notify_all();
    }
    if (next != nullptr)
        StartWrite(next);
    if (end)
        StartWritesDone();
    if (release)
        RemoveHold();
}

void StreamCall::OnWritesDoneDone(bool /*ok*/) {
    bool release = false;
    {
        const std::lock_guard lock(mutex_);
        writing_ = false;
        release = TakeHold();
    }
    if (release)
        RemoveHold();
}

void StreamCall::OnReadDone(bool ok) {
    bool read = false;
    bool release = false;
    {
        const std::lock_guard lock(mutex_);
        if (ok && answered_ < written_) {
            ++answered_;
            incoming_.emplace_back();
            incoming_.back().Swap(&reading_);
            read = true;
        } else {
            excess_answer_ = ok;
            stopped_ = true;
            release = TakeHold();
        }
        changed_.notify_all();
    }
    if (read) {
        StartRead(&reading_);
        return;
    }
    if (ok)
        Cancel();
    if (release)
        RemoveHold();
}

void StreamCall::OnDone(const grpc::Status& status) {
    const std::lock_guard lock(mutex_);
    stopped_ = true;
    status_ = status;
    changed_.notify_all();
}

}  // namespace ymasknet

#include "ymasknet/cancellation.h"

#include <utility>

#include "cancellation_state.h"

namespace ymasknet {

void Cancellation::State::Cancel() {
    const std::lock_guard lock(mutex_);
    if (cancelled_)
        return;
    cancelled_ = true;
    for (const std::function<void()>& callback : callbacks_)
        callback();
    changed_.notify_all();
}

bool Cancellation::State::IsCancelled() const noexcept {
    const std::lock_guard lock(mutex_);
    return cancelled_;
}

bool Cancellation::State::WaitUntil(std::chrono::steady_clock::time_point time) {
    std::unique_lock lock(mutex_);
    return changed_.wait_until(lock, time, [this] { return cancelled_; });
}

Cancellation::State::Callbacks::iterator Cancellation::State::Add(std::function<void()> callback) {
    const std::lock_guard lock(mutex_);
    const auto place = callbacks_.insert(callbacks_.end(), std::move(callback));
    if (cancelled_)
        (*place)();
    return place;
}

void Cancellation::State::Remove(Callbacks::iterator place) {
    const std::lock_guard lock(mutex_);
    callbacks_.erase(place);
}

Cancellation::Cancellation() : state_(std::make_shared<State>()) {}

void Cancellation::Cancel() const {
    state_->Cancel();
}

bool Cancellation::IsCancelled() const noexcept {
    return state_->IsCancelled();
}

}  // namespace ymasknet

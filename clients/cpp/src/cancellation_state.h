// What the copies of a Cancellation share.
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <optional>

#include "ymasknet/cancellation.h"

namespace ymasknet {

class Cancellation::State {
  public:
    using Callbacks = std::list<std::function<void()>>;

    void Cancel();
    bool IsCancelled() const noexcept;

    /// Sleeps until a time or until cancelled.
    /// @return Whether it is cancelled.
    bool WaitUntil(std::chrono::steady_clock::time_point time);

    /// Has a function called when cancelled, or at once if that has happened. It must not throw or wait for other
    /// threads.
    Callbacks::iterator Add(std::function<void()> callback);

    /// No call of the function begins or runs after this.
    void Remove(Callbacks::iterator place);

  private:
    mutable std::mutex mutex_;
    std::condition_variable changed_;
    bool cancelled_ = false;
    Callbacks callbacks_;
};

/// The library's way to a cancellation's state.
class CancellationAccess {
  public:
    static const std::shared_ptr<Cancellation::State>& StateOf(const Cancellation& cancellation) {
        return cancellation.state_;
    }

    /// Calls a function when the cancellation, if there is one, happens in the registration's lifetime.
    class Registration {
      public:
        Registration(const std::optional<Cancellation>& cancellation, std::function<void()> callback) {
            if (cancellation) {
                state_ = StateOf(*cancellation);
                place_ = state_->Add(std::move(callback));
            }
        }
        ~Registration() {
            if (state_)
                state_->Remove(place_);
        }
        Registration(const Registration&) = delete;
        Registration& operator=(const Registration&) = delete;

      private:
        std::shared_ptr<Cancellation::State> state_;
        Cancellation::State::Callbacks::iterator place_;
    };
};

}  // namespace ymasknet

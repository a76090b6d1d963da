// Making failed calls again.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

#include "deadline.h"
#include "ymasknet/error.h"
#include "ymasknet/options.h"

namespace ymasknet {

/// The waits between the attempts of one call.
class RetryLoop {
  public:
    RetryLoop(const RetryPolicy& policy, Deadline deadline, std::optional<Cancellation> cancellation)
        : policy_(policy), deadline_(deadline), cancellation_(std::move(cancellation)) {}

    /// Waits until the next attempt is due.
    /// @throws Error `failure`, when there is none; CANCELLED.
    void WaitAfter(const Error& failure);

    /// Calls `attempt` until it does not throw an Error that is worth another attempt.
    template <class Attempt>
    auto Run(Attempt attempt) {
        while (true) {
            try {
                return attempt();
            } catch (const Error& failure) {
                WaitAfter(failure);
            }
        }
    }

  private:
    std::chrono::duration<double, std::milli> DelayAfter(const Error& failure);

    RetryPolicy policy_;
    Deadline deadline_;
    std::optional<Cancellation> cancellation_;
    std::uint32_t failed_attempts_ = 0;
};

}  // namespace ymasknet

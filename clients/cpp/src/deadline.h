// Points in time up to which something waits.
#pragma once

#include <algorithm>
#include <chrono>
#include <optional>

namespace ymasknet {

/// A deadline by the system's clock, as gRPC wants it; none when not set.
using Deadline = std::optional<std::chrono::system_clock::time_point>;

/// Up to when a method waits; as long as it takes when not set.
using Patience = std::optional<std::chrono::steady_clock::time_point>;

/// A time from now on. Callers write the largest number for "forever", which added to a clock would be in the past.
template <class Clock>
typename Clock::time_point After(std::chrono::milliseconds time) {
    constexpr std::chrono::hours kTenYears(24 * 365 * 10);
    return Clock::now() + std::min<std::chrono::milliseconds>(time, kTenYears);
}

}  // namespace ymasknet

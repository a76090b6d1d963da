#include "retry_loop.h"

#include <algorithm>
#include <cmath>
#include <random>
#include <thread>

#include "cancellation_state.h"
#include "failure.h"

namespace ymasknet {
namespace {

// Callers that were refused together would otherwise come back together.
constexpr double kMostSpread = 0.2;

double Spread() {
    thread_local std::minstd_rand random{std::random_device{}()};
    return std::uniform_real_distribution<double>(1.0, 1.0 + kMostSpread)(random);
}

}  // namespace

std::chrono::duration<double, std::milli> RetryLoop::DelayAfter(const Error& failure) {
    using Milliseconds = std::chrono::duration<double, std::milli>;
    const Milliseconds own = std::min<Milliseconds>(
        policy_.initial_delay * std::pow(std::max(policy_.multiplier, 1.0), failed_attempts_ - 1), policy_.max_delay);
    return Milliseconds(failure.retry_delay().value_or(std::chrono::milliseconds(0))) > Milliseconds(0)
               ? Milliseconds(*failure.retry_delay()) * Spread()
               : own * Spread();
}

void RetryLoop::WaitAfter(const Error& failure) {
    ++failed_attempts_;
    const bool worth = failure.code() == StatusCode::Unavailable || failure.retry_delay().has_value();
    if (!worth || failed_attempts_ >= policy_.max_attempts)
        throw failure;

    const auto delay = std::chrono::ceil<std::chrono::microseconds>(DelayAfter(failure));
    if (deadline_ && std::chrono::system_clock::now() + delay >= *deadline_)
        throw failure;

    if (!cancellation_) {
        std::this_thread::sleep_for(delay);
    } else if (CancellationAccess::StateOf(*cancellation_)->WaitUntil(std::chrono::steady_clock::now() + delay)) {
        throw Failure(StatusCode::Cancelled, "", "The call was cancelled.");
    }
}

}  // namespace ymasknet

// Waiting for what happens on other threads.
#pragma once

#include <chrono>
#include <thread>

namespace ymasknet::testing {

/// Waits until a condition holds, at most ten seconds.
/// @return Whether it holds.
template <class Condition>
bool Eventually(Condition condition) {
    const auto patience = std::chrono::steady_clock::now() + std::chrono::seconds(10);
    while (!condition()) {
        if (std::chrono::steady_clock::now() > patience)
            return false;
        std::this_thread::sleep_for(std::chrono::milliseconds(2));
    }
    return true;
}

}  // namespace ymasknet::testing

#include <gtest/gtest.h>

#include <chrono>
#include <stdexcept>
#include <thread>

#include "expect_error.h"
#include "failure.h"
#include "retry_loop.h"

namespace ymasknet::testing {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

const RetryPolicy kQuick = {4, milliseconds(10), 2, milliseconds(15)};

Error Refusal(StatusCode code, std::optional<milliseconds> delay = std::nullopt) {
    ErrorDetails details;
    details.code = code;
    details.message = "refused";
    details.retry_delay = delay;
    return Error(details);
}

/// Attempts until the loop throws, and how long that took.
struct Outcome {
    int attempts = 0;
    StatusCode code = StatusCode::Ok;
    steady_clock::duration time{};
};

Outcome RunWith(RetryLoop loop, const Error& failure, int failures = 1000) {
    Outcome outcome;
    const auto start = steady_clock::now();
    try {
        loop.Run([&] {
            if (++outcome.attempts <= failures)
                throw failure;
            return 0;
        });
    } catch (const Error& error) {
        outcome.code = error.code();
    }
    outcome.time = steady_clock::now() - start;
    return outcome;
}

TEST(RetryLoop, Unavailable_IsTriedAgainWithGrowingWaits) {
    const Outcome outcome = RunWith(RetryLoop(kQuick, std::nullopt, std::nullopt), Refusal(StatusCode::Unavailable));

    EXPECT_EQ(outcome.attempts, 4);
    EXPECT_EQ(outcome.code, StatusCode::Unavailable);
    EXPECT_GE(outcome.time, milliseconds(10 + 15 + 15));
}

TEST(RetryLoop, SecondAttemptThatWorks_IsTheAnswer) {
    const Outcome outcome = RunWith(RetryLoop(kQuick, std::nullopt, std::nullopt), Refusal(StatusCode::Unavailable), 1);

    EXPECT_EQ(outcome.attempts, 2);
    EXPECT_EQ(outcome.code, StatusCode::Ok);
}

TEST(RetryLoop, ServersDelay_IsKept) {
    const Error full = Refusal(StatusCode::ResourceExhausted, milliseconds(60));

    const Outcome outcome = RunWith(RetryLoop(kQuick, std::nullopt, std::nullopt), full, 1);

    EXPECT_EQ(outcome.attempts, 2);
    EXPECT_GE(outcome.time, milliseconds(60));
}

TEST(RetryLoop, OtherStatuses_AreNotTriedAgain) {
    for (const StatusCode code :
         {StatusCode::InvalidArgument, StatusCode::ResourceExhausted, StatusCode::DeadlineExceeded,
          StatusCode::Cancelled, StatusCode::Internal, StatusCode::NotFound, StatusCode::Aborted}) {
        EXPECT_EQ(RunWith(RetryLoop(kQuick, std::nullopt, std::nullopt), Refusal(code)).attempts, 1) << Name(code);
    }
}

TEST(RetryLoop, OneAttempt_IsOne) {
    EXPECT_EQ(RunWith(RetryLoop({1, milliseconds(10), 2, milliseconds(15)}, std::nullopt, std::nullopt),
                      Refusal(StatusCode::Unavailable))
                  .attempts,
              1);
}

TEST(RetryLoop, WaitBeyondTheDeadline_IsNotBegun) {
    const Deadline deadline = std::chrono::system_clock::now() + milliseconds(500);
    const Error full = Refusal(StatusCode::ResourceExhausted, milliseconds(5000));

    const Outcome outcome = RunWith(RetryLoop(kQuick, deadline, std::nullopt), full);

    EXPECT_EQ(outcome.attempts, 1);
    EXPECT_EQ(outcome.code, StatusCode::ResourceExhausted);
    EXPECT_LT(outcome.time, milliseconds(400));
}

TEST(RetryLoop, CancelledWhileItWaits_EndsAtOnce) {
    const Cancellation cancellation;
    std::thread canceller([cancellation] {
        std::this_thread::sleep_for(milliseconds(30));
        cancellation.Cancel();
    });

    const Outcome outcome =
        RunWith(RetryLoop(kQuick, std::nullopt, cancellation), Refusal(StatusCode::Unavailable, milliseconds(20000)));
    canceller.join();

    EXPECT_EQ(outcome.attempts, 1);
    EXPECT_EQ(outcome.code, StatusCode::Cancelled);
    EXPECT_LT(outcome.time, milliseconds(10000));
}

TEST(RetryLoop, OtherExceptions_PassThrough) {
    RetryLoop loop(kQuick, std::nullopt, std::nullopt);

    EXPECT_THROW(loop.Run([]() -> int { throw std::logic_error("the caller's own"); }), std::logic_error);
}

}  // namespace
}  // namespace ymasknet::testing

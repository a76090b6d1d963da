#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <thread>
#include <vector>

#include "expect_error.h"
#include "server/sample_images.h"
#include "server/server_process.h"
#include "ymasknet/ymasknet.h"

namespace ymasknet::testing {
namespace {

/// A server with room for one board and one image that waits, and which compresses its answers.
class FullServer : public ::testing::Test {
  protected:
    static void SetUpTestSuite() {
        server = std::make_unique<ServerProcess>(std::vector<std::string>{
            "--lanes", "1", "--queue-capacity", "1", "--max-boards", "1", "--response-compression", "gzip"});
    }
    static void TearDownTestSuite() { server.reset(); }

    static std::unique_ptr<ServerProcess> server;
};

std::unique_ptr<ServerProcess> FullServer::server;

/// Ten threads with three calls each.
struct Crowd {
    std::atomic<int> answered{0};
    std::atomic<int> refused{0};

    Crowd(const Client& client, const CallOptions& call) {
        std::vector<std::thread> threads;
        for (int thread = 0; thread < 10; ++thread) {
            threads.emplace_back([&] {
                for (int i = 0; i < 3; ++i) {
                    try {
                        client.Detect(SampleFile("bus-binary.png"), {}, call);
                        ++answered;
                    } catch (const Error& error) {
                        ExpectError(error, StatusCode::ResourceExhausted, "QUEUE_FULL");
                        EXPECT_TRUE(error.retry_delay());
                        ++refused;
                    }
                }
            });
        }
        for (std::thread& thread : threads)
            thread.join();
    }
};

TEST_F(FullServer, QueueFull_CallersThatComeAgainAreAllAnswered) {
    const Client client(server->address());
    CallOptions once;
    once.retry = RetryPolicy{1, {}, 1, {}};
    CallOptions often;
    often.retry = RetryPolicy{200, {}, 1, {}};

    const Crowd impatient(client, once);
    const Crowd patient(client, often);

    EXPECT_GT(impatient.refused, 0);
    EXPECT_EQ(impatient.answered + impatient.refused, 30);
    EXPECT_EQ(patient.answered, 30);
}

TEST_F(FullServer, BoardsFull_BoardFromMemoryIsSentAgainAndOneFromStripsIsNot) {
    const Client client(server->address());
    const std::vector<std::uint8_t> row(700);
    std::promise<void> release;
    std::promise<void> begun;
    bool waited = false;
    const Board slow = Board::FromStrips(PixelFormat::Mono8, 700, 2, [&] {
        if (!std::exchange(waited, true)) {
            begun.set_value();
            release.get_future().wait();
        }
        return Buffer(row);
    });
    std::thread first([&] { EXPECT_NO_THROW(client.InspectBoard(slow, BoardOptions(Task::Detect))); });
    begun.get_future().wait();
    std::this_thread::sleep_for(std::chrono::milliseconds(300));
    // The opening of the first was on its way then; the server has it when a second is refused.
    const std::vector<std::uint8_t> pixels(700 * 2);
    Error refused = ErrorOf([&] {
        while (true) {
            client.InspectBoard(Board::FromStrips(PixelFormat::Mono8, 700, 2, [&] { return Buffer(pixels); }),
                                BoardOptions(Task::Detect));
        }
    });

    ExpectError(refused, StatusCode::ResourceExhausted, "BOARDS_FULL");
    EXPECT_TRUE(refused.retry_delay());
    std::thread releaser([&] {
        std::this_thread::sleep_for(std::chrono::milliseconds(300));
        release.set_value();
    });
    CallOptions often;
    often.retry = RetryPolicy{200, {}, 1, {}};
    EXPECT_NO_THROW(
        client.InspectBoard(Board::FromPixels(pixels, PixelFormat::Mono8, 700, 2), BoardOptions(Task::Detect), often));
    releaser.join();
    first.join();
}

TEST_F(FullServer, GzippedAnswers_AreTheSame) {
    const GreyPixels pixels = SamplePixels("bus-binary.png");

    EXPECT_EQ(Client(server->address()).DetectAndSegment(pixels.ToImage()).defects,
              SharedClient().DetectAndSegment(pixels.ToImage()).defects);
}

}  // namespace
}  // namespace ymasknet::testing

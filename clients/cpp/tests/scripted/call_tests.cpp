#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <memory>
#include <thread>
#include <vector>

#include "eventually.h"
#include "expect_error.h"
#include "scripted/scripted_server.h"
#include "ymasknet/ymasknet.h"

namespace ymasknet::testing {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

const std::vector<std::uint8_t> kPixels(64 * 64, 50);

Image SomeImage() {
    return Image::Raw(kPixels, PixelFormat::Mono8, 64, 64);
}

CallOptions Within(milliseconds timeout) {
    CallOptions call;
    call.timeout = timeout;
    return call;
}

/// Lets calls wait until they are cancelled, and counts those that were.
class CallsThatWait {
  public:
    explicit CallsThatWait(ScriptedServer& server) {
        server.on_detect = [this](grpc::ServerContext& context, const auto&, auto&) {
            ++begun;
            if (Eventually([&] { return context.IsCancelled(); }))
                ++cancelled;
            return grpc::Status::CANCELLED;
        };
    }

    std::atomic<int> begun{0};
    std::atomic<int> cancelled{0};
};

TEST(Call, QueueFullTwice_MadeAgainWhenTheServerSays) {
    ScriptedServer server;
    std::atomic<int> calls{0};
    server.on_detect = [&](auto&, const v1::DetectRequest& request, v1::DetectResponse& response) {
        if (++calls < 3)
            return QueueFull(milliseconds(80));
        response.mutable_image_size()->set_width(static_cast<std::uint32_t>(request.image().raw().data().size()));
        return grpc::Status::OK;
    };
    const auto start = steady_clock::now();

    const InspectionResult result = Client(server.address()).Detect(SomeImage());

    EXPECT_EQ(calls, 3);
    EXPECT_EQ(result.image_size.width, 64u * 64u) << "the last attempt had the whole image, too";
    EXPECT_GE(steady_clock::now() - start, milliseconds(160));
}

TEST(Call, QueueFullWithoutRetries_Thrown) {
    ScriptedServer server;
    std::atomic<int> calls{0};
    server.on_detect = [&](auto&, const auto&, auto&) {
        ++calls;
        return QueueFull(milliseconds(80));
    };
    CallOptions call;
    call.retry = RetryPolicy{1, {}, 1, {}};

    const Error error = ErrorOf([&] { Client(server.address()).Detect(SomeImage(), {}, call); });

    ExpectError(error, StatusCode::ResourceExhausted, "QUEUE_FULL");
    EXPECT_EQ(error.retry_delay(), milliseconds(80));
    EXPECT_EQ(calls, 1);
}

TEST(Call, InvalidArgument_NotMadeAgain) {
    ScriptedServer server;
    std::atomic<int> calls{0};
    server.on_detect = [&](auto&, const auto&, auto&) {
        ++calls;
        return grpc::Status(grpc::INVALID_ARGUMENT, "No.");
    };

    ExpectError(ErrorOf([&] { Client(server.address()).Detect(SomeImage()); }), StatusCode::InvalidArgument, "");
    EXPECT_EQ(calls, 1);
}

TEST(Call, Deadline_EndsTheCallOnBothSides) {
    ScriptedServer server;
    CallsThatWait calls(server);
    const Client client(server.address());
    const auto start = steady_clock::now();

    const Error error = ErrorOf([&] { client.Detect(SomeImage(), {}, Within(milliseconds(300))); });

    ExpectError(error, StatusCode::DeadlineExceeded, "");
    EXPECT_GE(steady_clock::now() - start, milliseconds(300));
    EXPECT_TRUE(Eventually([&] { return calls.cancelled == 1; }));
    EXPECT_EQ(calls.begun, 1) << "a call whose deadline has passed is not made again";
}

TEST(Call, DeadlineOfTheClient_HoldsWhereTheCallHasNone) {
    ScriptedServer server;
    CallsThatWait calls(server);
    ClientOptions options;
    options.call_timeout = milliseconds(100);

    ExpectError(ErrorOf([&] { Client(server.address(), options).Detect(SomeImage()); }), StatusCode::DeadlineExceeded,
                "");
}

TEST(Call, LongestTimeout_IsNoDeadline) {
    ScriptedServer server;
    CallOptions forever = Within(milliseconds::max());

    EXPECT_NO_THROW(Client(server.address()).Detect(SomeImage(), {}, forever));
}

TEST(Call, Deadline_IsOverAllAttempts) {
    ScriptedServer server;
    server.on_detect = [](auto&, const auto&, auto&) { return QueueFull(milliseconds(30)); };
    CallOptions call = Within(milliseconds(250));
    call.retry = RetryPolicy{1000, milliseconds(1), 1, milliseconds(1)};
    const auto start = steady_clock::now();

    const Error error = ErrorOf([&] { Client(server.address()).Detect(SomeImage(), {}, call); });

    ExpectError(error, StatusCode::ResourceExhausted, "QUEUE_FULL");
    EXPECT_LT(steady_clock::now() - start, milliseconds(5000));
}

TEST(Call, CancelledFromAnotherThread_EndsOnBothSides) {
    ScriptedServer server;
    CallsThatWait calls(server);
    CallOptions call;
    call.cancellation.emplace();
    std::thread canceller([&] {
        EXPECT_TRUE(Eventually([&] { return calls.begun == 1; }));
        call.cancellation->Cancel();
    });

    const Error error = ErrorOf([&] { Client(server.address()).Detect(SomeImage(), {}, call); });
    canceller.join();

    EXPECT_EQ(error.code(), StatusCode::Cancelled);
    EXPECT_TRUE(call.cancellation->IsCancelled());
    EXPECT_TRUE(Eventually([&] { return calls.cancelled == 1; }));
}

TEST(Call, CancelledBefore_EndsAtOnce) {
    ScriptedServer server;
    CallsThatWait calls(server);
    CallOptions call;
    call.cancellation.emplace();
    call.cancellation->Cancel();

    EXPECT_EQ(ErrorOf([&] { Client(server.address()).Detect(SomeImage(), {}, call); }).code(), StatusCode::Cancelled);
}

TEST(Call, ManyThreadsOnOneClient_EachItsOwnAnswer) {
    ScriptedServer server;
    server.on_detect = [](auto&, const v1::DetectRequest& request, v1::DetectResponse& response) {
        response.mutable_image_size()->set_width(request.image().raw().width());
        return grpc::Status::OK;
    };
    const Client client(server.address());
    std::atomic<int> right{0};
    std::vector<std::thread> threads;
    for (std::uint32_t thread = 1; thread <= 8; ++thread) {
        threads.emplace_back([&, thread] {
            for (int i = 0; i < 25; ++i) {
                const std::vector<std::uint8_t> pixels(thread);
                if (client.Detect(Image::Raw(pixels, PixelFormat::Mono8, thread, 1)).image_size.width == thread)
                    ++right;
            }
        });
    }
    for (std::thread& thread : threads)
        thread.join();

    EXPECT_EQ(right, 200);
}

TEST(Call, MemoryWithAnOwner_IsLetGoAfterTheCall) {
    ScriptedServer server;
    server.on_detect = [](auto&, const auto&, auto&) { return grpc::Status::OK; };
    auto pixels = std::make_shared<std::vector<std::uint8_t>>(4 << 20);
    const std::weak_ptr<std::vector<std::uint8_t>> watched = pixels;

    Client(server.address()).Detect(Image::Raw(Buffer::Shared(std::move(pixels)), PixelFormat::Mono8, 2048, 2048));

    EXPECT_TRUE(Eventually([&] { return watched.expired(); }));
}

TEST(Call, MemoryWithAnOwner_OutlivesACallThatFails) {
    ScriptedServer server;
    CallsThatWait calls(server);
    auto pixels = std::make_shared<std::vector<std::uint8_t>>(16 << 20);
    const std::weak_ptr<std::vector<std::uint8_t>> watched = pixels;
    {
        const Client client(server.address());
        const Image image = Image::Raw(Buffer::Shared(std::move(pixels)), PixelFormat::Mono8, 4096, 4096);

        EXPECT_EQ(ErrorOf([&] { client.Detect(image, {}, Within(milliseconds(1))); }).code(),
                  StatusCode::DeadlineExceeded);
    }
    EXPECT_TRUE(Eventually([&] { return watched.expired(); }));
}

struct DamagedMask {
    const char* what;
    v1::Mask mask;
    StatusCode code;
    const char* reason;
};

v1::Mask RunLengths(std::uint32_t width, std::uint32_t height, const char* counts, std::uint64_t area) {
    v1::Mask mask;
    mask.mutable_coco_rle()->set_width(width);
    mask.mutable_coco_rle()->set_height(height);
    mask.mutable_coco_rle()->set_counts(counts);
    mask.set_area(area);
    return mask;
}

TEST(Call, MasksThatCantBeRead_AreErrors) {
    v1::Mask polygon;
    polygon.mutable_polygon();
    v1::Mask none;
    none.set_area(4);
    const DamagedMask masks[] = {
        {"of another image", RunLengths(4, 3, "12122M", 7), StatusCode::DataLoss, "MASK_DAMAGED"},
        {"of another area", RunLengths(3, 4, "12122M", 8), StatusCode::DataLoss, "MASK_DAMAGED"},
        {"cut off", RunLengths(3, 4, "1212", 7), StatusCode::DataLoss, "MASK_DAMAGED"},
        {"a polygon", polygon, StatusCode::Internal, "ANSWER_UNEXPECTED"},
        {"without pixels", none, StatusCode::Internal, "ANSWER_UNEXPECTED"},
    };
    for (const DamagedMask& damaged : masks) {
        SCOPED_TRACE(damaged.what);
        ScriptedServer server;
        server.on_detect_and_segment = [&](const auto&, v1::DetectAndSegmentResponse& response) {
            response.mutable_image_size()->set_width(3);
            response.mutable_image_size()->set_height(4);
            *response.add_defects()->mutable_mask() = damaged.mask;
            return grpc::Status::OK;
        };

        ExpectError(ErrorOf([&] { Client(server.address()).DetectAndSegment(SomeImage()); }), damaged.code,
                    damaged.reason);
    }
}

TEST(Call, Masks_AreReadOrLeftOutAsAsked) {
    ScriptedServer server;
    server.on_detect_and_segment = [&](const v1::DetectAndSegmentRequest& request,
                                       v1::DetectAndSegmentResponse& response) {
        response.mutable_image_size()->set_width(3);
        response.mutable_image_size()->set_height(4);
        v1::Mask& mask = *response.add_defects()->mutable_mask();
        mask = RunLengths(3, 4, "12122M", 7);
        if (request.mask_format() == v1::MASK_FORMAT_NONE)
            mask.clear_coco_rle();
        response.add_defects()->mutable_mask();
        return grpc::Status::OK;
    };
    const Client client(server.address());
    InspectionOptions boxes_alone;
    boxes_alone.masks = false;

    const std::vector<Defect> with = client.DetectAndSegment(SomeImage()).defects;
    const std::vector<Defect> without = client.DetectAndSegment(SomeImage(), boxes_alone).defects;

    ASSERT_EQ(with.size(), 2u);
    EXPECT_EQ(with[0].mask->area(), 7u);
    EXPECT_EQ(with[1].mask, Mask::Empty({3, 4}));
    ASSERT_EQ(without.size(), 2u);
    EXPECT_FALSE(without[0].mask || without[1].mask);
    EXPECT_EQ(without[0].area, 7u);
}

}  // namespace
}  // namespace ymasknet::testing

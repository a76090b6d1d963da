#include <gtest/gtest.h>

#include <chrono>
#include <thread>

#include "expect_error.h"
#include "server/sample_images.h"
#include "server/server_process.h"
#include "ymasknet/ymasknet.h"

namespace ymasknet::testing {
namespace {

using std::chrono::milliseconds;

TEST(Stream, TwoHundredFrames_AnsweredInOrderAsTheSingleCallsAre) {
    constexpr std::uint64_t kFrames = 200;
    const Image images[] = {SampleFile("bus-binary.png"), SamplePixels("plane-binary.png").ToImage(),
                            SampleFile("bright-grey.jpg")};
    // A view of memory that is gone would show here.
    const GreyPixels plane = SamplePixels("plane-binary.png");
    const auto image = [&](std::uint64_t id) { return id % 3 == 1 ? plane.ToImage() : images[id % 3]; };
    std::vector<InspectionResult> single;
    for (std::uint64_t id = 0; id < 3; ++id)
        single.push_back(SharedClient().DetectAndSegment(image(id)));

    Session session = SharedClient().OpenSession(SessionOptions(Task::DetectAndSegment));
    EXPECT_EQ(session.model(), single[0].model);
    EXPECT_LT(std::chrono::abs(session.server_time() - std::chrono::system_clock::now()), std::chrono::minutes(5));
    std::thread camera([&] {
        for (std::uint64_t id = 0; id < kFrames; ++id)
            session.Send(Frame(id, image(id)));
        session.Close();
    });
    std::uint64_t next = 0;
    while (const auto result = session.Receive()) {
        EXPECT_EQ(result->frame_id, next);
        EXPECT_EQ(result->defects, single[next % 3].defects) << "frame " << next;
        EXPECT_EQ(result->verdict, result->defects.empty() ? Verdict::Pass : Verdict::Fail);
        EXPECT_EQ(result->rejecting.size(), result->defects.size());
        ++next;
    }
    camera.join();

    EXPECT_EQ(next, kFrames);
}

TEST(Stream, CancelledInItsMiddle_EndsAndTheServerGoesOn) {
    Session session = SharedClient().OpenSession(SessionOptions(Task::DetectAndSegment));
    std::uint64_t sent = 0;
    while (session.TrySend(Frame(sent, SampleFile("bus-binary.png"))))
        ++sent;
    EXPECT_EQ(sent, session.max_frames_in_flight());
    EXPECT_EQ(session.Receive()->frame_id, 0u);

    session.Cancel();

    const Error error = ErrorOf([&] {
        while (session.Receive()) {
        }
    });
    ExpectError(error, StatusCode::Cancelled, "");
    EXPECT_NO_THROW(SharedClient().Detect(SampleFile("bus-binary.png")));
}

TEST(Stream, WhatAFrameBrings_ComesBack) {
    Session session = SharedClient().OpenSession(SessionOptions(Task::Detect));
    Frame frame(std::numeric_limits<std::uint64_t>::max(), SampleFile("bus-binary.png"));
    frame.part_id = "serial 0815 \xc3\xa4";
    frame.capture_time = std::chrono::system_clock::time_point(std::chrono::nanoseconds(1'700'000'000'123'456'789));
    frame.time_limit = std::chrono::minutes(5);

    session.Send(frame);
    const auto result = session.Receive();

    ASSERT_TRUE(result);
    EXPECT_EQ(result->frame_id, frame.id);
    EXPECT_EQ(result->part_id, frame.part_id);
    EXPECT_EQ(result->capture_time, frame.capture_time);
    EXPECT_EQ(result->image_size, (ImageSize{640, 640}));
    ASSERT_TRUE(result->execution);
    EXPECT_GT(result->execution->times.total, 0);
}

TEST(Stream, DeadlinesThatHavePassed_AreLate) {
    Session session = SharedClient().OpenSession(SessionOptions(Task::Detect));
    Frame limited(1, SampleFile("bus-binary.png"));
    limited.time_limit = std::chrono::microseconds(0);
    Frame due(2, SampleFile("bus-binary.png"));
    due.deadline = session.server_time() - std::chrono::seconds(1);

    session.Send(limited);
    session.Send(due);

    EXPECT_EQ(session.Receive()->verdict, Verdict::Late);
    EXPECT_EQ(session.Receive()->verdict, Verdict::Late);
}

TEST(Stream, RecipeOfTheCaller_Decides) {
    SessionOptions options(Task::DetectAndSegment);
    options.recipe.emplace().ignored_areas = {{0, 0, 640, 640}};
    Session session = SharedClient().OpenSession(options);

    session.Send(Frame(1, SampleFile("bus-binary.png")));
    const auto result = session.Receive();

    ASSERT_TRUE(result);
    EXPECT_EQ(result->verdict, Verdict::Pass);
    EXPECT_FALSE(result->defects.empty());
    EXPECT_TRUE(result->rejecting.empty());
}

TEST(Stream, SemanticModel_Regions) {
    SessionOptions options(Task::Segment);
    options.inspection.model = "tile-unet";
    Session session = SharedClient().OpenSession(options);

    session.Send(Frame(1, SampleFile("tiles/blowhole.png")));
    const auto result = session.Receive();

    ASSERT_TRUE(result);
    EXPECT_EQ(result->verdict, Verdict::Fail);
    ASSERT_FALSE(result->regions.empty());
    EXPECT_TRUE(result->regions[0].mask);
}

TEST(Stream, LatestOnly_DropsWhatWaitsAndAnswersAll) {
    constexpr std::uint64_t kFrames = 40;
    SessionOptions options(Task::DetectAndSegment);
    options.frame_policy = FramePolicy::LatestOnly;
    Session session = SharedClient().OpenSession(options);
    std::thread camera([&] {
        for (std::uint64_t id = 0; id < kFrames; ++id)
            session.Send(Frame(id, SampleFile("bus-binary.png")));
        session.Close();
    });

    std::uint64_t next = 0;
    std::uint64_t dropped = 0;
    while (const auto result = session.Receive()) {
        EXPECT_EQ(result->frame_id, next++);
        dropped += result->verdict == Verdict::Dropped ? 1 : 0;
    }
    camera.join();

    EXPECT_EQ(next, kFrames);
    EXPECT_GT(dropped, 0u);
    EXPECT_LT(dropped, kFrames);
}

TEST(Stream, OutlivesItsClient) {
    std::unique_ptr<Client> client = std::make_unique<Client>(SharedServer().address());
    Session session = client->OpenSession(SessionOptions(Task::Detect));
    client.reset();

    session.Send(Frame(1, SampleFile("bus-binary.png")));

    EXPECT_EQ(session.Receive()->frame_id, 1u);
}

}  // namespace
}  // namespace ymasknet::testing

#include <gtest/gtest.h>

#include <cstdint>
#include <memory>
#include <numeric>
#include <vector>

#include "expect_error.h"
#include "payload_message.h"
#include "requests.h"
#include "ymasknet/v1/inspection_service.pb.h"

namespace ymasknet::testing {
namespace {

std::vector<std::uint8_t> Ramp(std::size_t size) {
    std::vector<std::uint8_t> bytes(size);
    std::iota(bytes.begin(), bytes.end(), std::uint8_t{0});
    return bytes;
}

std::string Text(const std::vector<std::uint8_t>& bytes) {
    return {bytes.begin(), bytes.end()};
}

template <class Message>
Message Read(const grpc::ByteBuffer& bytes) {
    Message message;
    Parse(bytes, message);
    return message;
}

/// Sizes around those at which a length takes a byte more.
class Sizes : public ::testing::TestWithParam<std::size_t> {};

TEST_P(Sizes, DetectRequest_IsTheMessageThatProtobufWouldWrite) {
    const std::vector<std::uint8_t> pixels = Ramp(GetParam());
    InspectionOptions options;
    options.model = "pcb-ymasknet/1";
    options.min_score = 0.25f;
    options.max_defects = 7;

    const grpc::ByteBuffer bytes =
        DetectRequest(Image::Raw(pixels, PixelFormat::Mono8, static_cast<std::uint32_t>(GetParam()), 1), options);

    v1::DetectRequest expected;
    expected.mutable_image()->mutable_raw()->set_data(Text(pixels));
    expected.mutable_image()->mutable_raw()->set_pixel_format(v1::PIXEL_FORMAT_MONO8);
    expected.mutable_image()->mutable_raw()->set_width(static_cast<std::uint32_t>(GetParam()));
    expected.mutable_image()->mutable_raw()->set_height(1);
    expected.set_model("pcb-ymasknet/1");
    expected.mutable_options()->set_min_score(0.25f);
    expected.mutable_options()->set_max_defects(7);
    EXPECT_EQ(Read<v1::DetectRequest>(bytes).SerializeAsString(), expected.SerializeAsString());
    EXPECT_EQ(bytes.Length(), expected.ByteSizeLong());
}

TEST_P(Sizes, FrameOfAFile_IsTheMessageThatProtobufWouldWrite) {
    const std::vector<std::uint8_t> file = Ramp(GetParam());
    Frame frame(77, Image::Encoded(file));
    frame.part_id = "part 1";
    frame.rois = {{{1, 2, 3, 4}, "open"}, {{5, 6, 7, 8}, ""}};
    frame.time_limit = std::chrono::microseconds(1'500'250);
    frame.capture_time = std::chrono::system_clock::time_point(std::chrono::milliseconds(-1));

    const auto request = Read<v1::InspectStreamRequest>(FrameRequest(frame));

    EXPECT_EQ(request.frame().frame_id(), 77u);
    EXPECT_EQ(request.frame().image().encoded(), Text(file));
    EXPECT_EQ(request.frame().part_id(), "part 1");
    ASSERT_EQ(request.frame().rois_size(), 2);
    EXPECT_EQ(request.frame().rois(0).class_name(), "open");
    EXPECT_EQ(request.frame().rois(0).box().height(), 4);
    EXPECT_FALSE(request.frame().rois(1).has_class_name());
    EXPECT_EQ(request.frame().time_limit().seconds(), 1);
    EXPECT_EQ(request.frame().time_limit().nanos(), 500'250'000);
    EXPECT_EQ(request.frame().capture_time().seconds(), -1);
    EXPECT_EQ(request.frame().capture_time().nanos(), 999'000'000);
}

INSTANTIATE_TEST_SUITE_P(PayloadMessage, Sizes, ::testing::Values(1, 100, 127, 128, 129, 16383, 16384, 70000, 2097152));

TEST(PayloadMessage, EmptyFile_IsSentAsOne) {
    EXPECT_TRUE(Read<v1::DetectRequest>(DetectRequest(Image::Encoded(Buffer()), {})).image().has_encoded());
}

TEST(PayloadMessage, MemoryWithAnOwner_IsSentFromWhereItIsAndLetGo) {
    auto pixels = std::make_shared<std::vector<std::uint8_t>>(Ramp(1 << 20));
    const std::weak_ptr<std::vector<std::uint8_t>> watched = pixels;
    const std::uint8_t* first = pixels->data();
    {
        grpc::ByteBuffer message;
        {
            const Image image = Image::Raw(Buffer::Shared(std::move(pixels)), PixelFormat::Mono8, 1024, 1024);
            message = DetectRequest(image, {});
        }

        std::vector<grpc::Slice> slices;
        ASSERT_TRUE(message.Dump(&slices).ok());
        ASSERT_EQ(slices.size(), 3u);
        EXPECT_EQ(slices[1].begin(), first);
        EXPECT_FALSE(watched.expired());
    }
    EXPECT_TRUE(watched.expired());
}

TEST(PayloadMessage, View_IsCopiedWithoutItsPadding) {
    std::vector<std::uint8_t> frame = Ramp(100);

    const grpc::ByteBuffer message =
        DetectRequest(Image::Raw({frame.data() + 22, 24}, PixelFormat::Mono8, 4, 3, 10), {});
    frame.assign(frame.size(), 0);

    const auto request = Read<v1::DetectRequest>(message);
    EXPECT_EQ(request.image().raw().data(), Text({22, 23, 24, 25, 32, 33, 34, 35, 42, 43, 44, 45}));
    EXPECT_EQ(request.image().raw().stride(), 0u);
}

TEST(PayloadMessage, MemoryWithAnOwnerAndPadding_KeepsItsStride) {
    const Buffer rows = Buffer::Shared(std::make_shared<std::vector<std::uint8_t>>(Ramp(30)));

    const auto request = Read<v1::DetectRequest>(DetectRequest(Image::Raw(rows, PixelFormat::Mono8, 4, 3, 10), {}));

    EXPECT_EQ(request.image().raw().data(), Text(Ramp(30)));
    EXPECT_EQ(request.image().raw().stride(), 10u);
}

TEST(Requests, FrameWithDeadlineAndTimeLimit_IsRefused) {
    const std::vector<std::uint8_t> file = Ramp(1);
    Frame frame(1, Image::Encoded(file));
    frame.deadline = std::chrono::system_clock::now();
    frame.time_limit = std::chrono::microseconds(1);

    ExpectError(ErrorOf([&] { FrameRequest(frame); }), StatusCode::InvalidArgument, "DEADLINE_AMBIGUOUS", "due");
}

TEST(Requests, RuleWithTwoAreas_IsRefusedWithItsPlace) {
    SessionOptions options(Task::Detect);
    options.recipe.emplace();
    options.recipe->class_rules["copper"].ignored = true;
    options.recipe->class_rules["open"].min_area_mm2 = 0.1;
    options.recipe->class_rules["open"].min_area_pixels = 5;

    ExpectError(ErrorOf([&] { OpeningRequest(options); }), StatusCode::InvalidArgument, "MIN_AREA_AMBIGUOUS",
                "opening.recipe.class_rules[1].rule.min_area");
}

TEST(Requests, Opening_HasAllThatWasSet) {
    SessionOptions options(Task::DetectAndSegment);
    options.inspection.masks = false;
    options.inspection.nms_iou_threshold = 0.5f;
    options.max_frames_in_flight = 3;
    options.frame_policy = FramePolicy::LatestOnly;
    options.priority = Priority::High;
    options.recipe.emplace();
    options.recipe->millimetres_per_pixel = 0.021;
    options.recipe->ignored_areas = {{0, 0, 640, 24}};
    options.recipe->class_rules["open"].min_area_mm2 = 0.1;
    options.recipe->default_rule.min_score = 0.75f;

    const auto opening = Read<v1::InspectStreamRequest>(OpeningRequest(options)).opening();

    EXPECT_EQ(opening.task(), v1::TASK_DETECT_AND_SEGMENT);
    EXPECT_EQ(opening.mask_format(), v1::MASK_FORMAT_NONE);
    EXPECT_EQ(opening.options().nms_iou_threshold(), 0.5f);
    EXPECT_FALSE(opening.options().has_min_score());
    EXPECT_EQ(opening.max_frames_in_flight(), 3u);
    EXPECT_EQ(opening.frame_policy(), v1::FRAME_POLICY_LATEST_ONLY);
    EXPECT_EQ(opening.priority(), v1::PRIORITY_HIGH);
    EXPECT_EQ(opening.recipe().millimetres_per_pixel(), 0.021);
    EXPECT_EQ(opening.recipe().ignored_areas(0).width(), 640);
    EXPECT_EQ(opening.recipe().class_rules(0).class_name(), "open");
    EXPECT_EQ(opening.recipe().class_rules(0).rule().min_area_mm2(), 0.1);
    EXPECT_EQ(opening.recipe().default_rule().min_score(), 0.75f);
}

TEST(Parse, BytesThatAreNoMessage_AreRefused) {
    const grpc::Slice slice(std::string("\xff\xff\xff"));
    v1::DetectResponse response;

    ExpectError(ErrorOf([&] { Parse(grpc::ByteBuffer(&slice, 1), response); }), StatusCode::Internal,
                "ANSWER_UNEXPECTED");
}

}  // namespace
}  // namespace ymasknet::testing

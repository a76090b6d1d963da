#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <limits>

#include "expect_error.h"
#include "server/sample_images.h"
#include "server/server_process.h"
#include "ymasknet/ymasknet.h"

namespace ymasknet::testing {
namespace {

/// A call that the server refuses, and with what.
struct Refusal {
    const char* name;
    std::function<void()> call;
    StatusCode code;
    const char* reason;
    const char* field;
};

void PrintTo(const Refusal& refusal, std::ostream* out) {
    *out << refusal.name;
}

class Refused : public ::testing::TestWithParam<Refusal> {};

TEST_P(Refused, WithStatusReasonAndField) {
    const Error error = ErrorOf(GetParam().call);

    ExpectError(error, GetParam().code, GetParam().reason, GetParam().field);
    if (error.code() == StatusCode::InvalidArgument) {
        ASSERT_EQ(error.details().violations.size(), 1u);
        EXPECT_EQ(error.details().violations[0].field, GetParam().field);
        EXPECT_EQ(error.details().violations[0].description, error.message());
    }
}

std::string NameOf(const ::testing::TestParamInfo<Refusal>& info) {
    return info.param.name;
}

const float kNaN = std::numeric_limits<float>::quiet_NaN();

Image Text(const std::string& text) {
    return Image::Encoded(Buffer::Shared(std::make_shared<std::string>(text)));
}

Image HalfAFile() {
    const Image file = SampleFile("bus-binary.png");
    return Image::Encoded(file.buffer().Part(0, file.buffer().size() / 2));
}

Image Raw(PixelFormat format, std::uint32_t width, std::uint32_t height, std::uint8_t level) {
    const std::size_t size = std::size_t{width} * height * BytesPerPixel(format);
    return Image::Raw(Buffer::Shared(std::make_shared<std::vector<std::uint8_t>>(size, level)), format, width, height);
}

std::function<void()> Detect(std::function<Image()> image) {
    return [image] { SharedClient().Detect(image()); };
}

std::function<void()> Both(std::function<void(InspectionOptions&)> change) {
    return [change] {
        InspectionOptions options;
        change(options);
        SharedClient().DetectAndSegment(SampleFile("bus-binary.png"), options);
    };
}

std::function<void()> Outline(RegionOfInterest roi) {
    return [roi] { SharedClient().Segment(SampleFile("bus-binary.png"), {{{10, 10, 20, 20}, ""}, roi}); };
}

std::function<void()> Open(std::function<void(SessionOptions&)> change) {
    return [change] {
        SessionOptions options(Task::DetectAndSegment);
        change(options);
        SharedClient().OpenSession(options);
    };
}

std::function<void()> Inspect(std::function<void(BoardOptions&)> change) {
    return [change] {
        BoardOptions options(Task::Detect);
        change(options);
        const std::vector<std::uint8_t> pixels(700 * 700);
        SharedClient().InspectBoard(Board::FromPixels(pixels, PixelFormat::Mono8, 700, 700), options);
    };
}

/// Sends strips of so many bytes.
std::function<void()> Strips(PixelFormat format, std::vector<std::size_t> sizes, std::uint8_t level = 0) {
    return [format, sizes, level] {
        std::size_t next = 0;
        std::vector<std::uint8_t> strip;
        const Board board = Board::FromStrips(format, 100, 10, [&] {
            strip.assign(next < sizes.size() ? sizes[next] : 0, level);
            ++next;
            return Buffer(strip);
        });
        SharedClient().InspectBoard(board, BoardOptions(Task::Detect));
    };
}

constexpr StatusCode kInvalid = StatusCode::InvalidArgument;
constexpr StatusCode kPrecondition = StatusCode::FailedPrecondition;

INSTANTIATE_TEST_SUITE_P(
    Image, Refused,
    ::testing::Values(Refusal{"Empty", Detect([] { return Image::Encoded(Buffer()); }), kInvalid, "IMAGE_EMPTY",
                              "image.encoded"},
                      Refusal{"Unknown", Detect([] { return Text("no image but a text"); }), kInvalid,
                              "IMAGE_FORMAT_UNKNOWN", "image.encoded"},
                      Refusal{"Truncated", Detect(HalfAFile), kInvalid, "IMAGE_TRUNCATED", "image.encoded"},
                      Refusal{"Mono10", Detect([] { return Raw(PixelFormat::Mono10, 8, 8, 4); }), kInvalid,
                              "SAMPLE_OUT_OF_RANGE", "image.raw.data"},
                      Refusal{"Mono12", Detect([] { return Raw(PixelFormat::Mono12, 8, 8, 16); }), kInvalid,
                              "SAMPLE_OUT_OF_RANGE", "image.raw.data"},
                      Refusal{"Wide", Detect([] { return Raw(PixelFormat::Mono8, 65536, 1, 0); }),
                              StatusCode::ResourceExhausted, "IMAGE_TOO_LARGE", "image.raw.width"},
                      Refusal{"High", Detect([] { return Raw(PixelFormat::Mono8, 1, 65536, 0); }),
                              StatusCode::ResourceExhausted, "IMAGE_TOO_LARGE", "image.raw.height"},
                      Refusal{"Message", Detect([] { return Raw(PixelFormat::Mono8, 8192, 8193, 0); }),
                              StatusCode::ResourceExhausted, "MESSAGE_TOO_LARGE", ""}),
    NameOf);

INSTANTIATE_TEST_SUITE_P(
    Options, Refused,
    ::testing::Values(Refusal{"MinScore", Both([](auto& options) { options.min_score = 1.5f; }), kInvalid,
                              "MIN_SCORE_OUT_OF_RANGE", "options.min_score"},
                      Refusal{"MinScoreNaN", Both([](auto& options) { options.min_score = kNaN; }), kInvalid,
                              "MIN_SCORE_OUT_OF_RANGE", "options.min_score"},
                      Refusal{"Nms", Both([](auto& options) { options.nms_iou_threshold = -1.0f; }), kInvalid,
                              "NMS_IOU_THRESHOLD_OUT_OF_RANGE", "options.nms_iou_threshold"},
                      Refusal{"MaxDefects", Both([](auto& options) { options.max_defects = 0; }), kInvalid,
                              "MAX_DEFECTS_OUT_OF_RANGE", "options.max_defects"},
                      Refusal{"UnknownModel", Both([](auto& options) { options.model = "no-such-model"; }),
                              StatusCode::NotFound, "MODEL_NOT_FOUND", "model"},
                      Refusal{"BadModel", Both([](auto& options) { options.model = "../models"; }), kInvalid,
                              "MODEL_REFERENCE_INVALID", "model"},
                      Refusal{"OneStage", Both([](auto& options) { options.model = "pcb-yolov5"; }), kPrecondition,
                              "TASK_NOT_SUPPORTED", "task"},
                      Refusal{"GetModel", [] { SharedClient().GetModel("pcb-ymasknet/7"); }, StatusCode::NotFound,
                              "MODEL_NOT_FOUND", "model"}),
    NameOf);

INSTANTIATE_TEST_SUITE_P(
    Rois, Refused,
    ::testing::Values(
        Refusal{"NaN", Outline({{kNaN, 1, 2, 2}, ""}), kInvalid, "ROI_NOT_FINITE", "rois[1].box"},
        Refusal{"Reversed", Outline({{20, 20, -5, 5}, ""}), kInvalid, "ROI_REVERSED", "rois[1].box"},
        Refusal{"Outside", Outline({{640, 0, 10, 10}, ""}), kInvalid, "ROI_OUTSIDE_IMAGE", "rois[1].box"},
        Refusal{"Class", Outline({{10, 10, 20, 20}, "rust"}), kInvalid, "CLASS_UNKNOWN", "rois[1].class_name"},
        Refusal{"None", [] { SharedClient().Segment(SampleFile("bus-binary.png")); }, kPrecondition, "ROIS_REQUIRED",
                "rois"},
        Refusal{"Semantic",
                [] {
                    InspectionOptions options;
                    options.model = "tile-unet";
                    SharedClient().Segment(SampleFile("tiles/crack.png"), {{{10, 10, 20, 20}, ""}}, options);
                },
                kPrecondition, "ROIS_NOT_SUPPORTED", "rois"}),
    NameOf);

INSTANTIATE_TEST_SUITE_P(
    Session, Refused,
    ::testing::Values(Refusal{"Task", Open([](auto& options) { options.task = static_cast<Task>(0); }), kInvalid,
                              "TASK_UNSPECIFIED", "opening.task"},
                      Refusal{"Model", Open([](auto& options) { options.inspection.model = "none"; }),
                              StatusCode::NotFound, "MODEL_NOT_FOUND", "opening.model"},
                      Refusal{"TaskOfTheModel", Open([](auto& options) { options.inspection.model = "tile-unet"; }),
                              kPrecondition, "TASK_NOT_SUPPORTED", "opening.task"},
                      Refusal{"Filters", Open([](auto& options) {
                                  options.task = Task::Segment;
                                  options.inspection.min_score = 0.5f;
                              }),
                              kInvalid, "OPTIONS_NOT_SUPPORTED", "opening.options"},
                      Refusal{"Frames", Open([](auto& options) { options.max_frames_in_flight = 0; }), kInvalid,
                              "MAX_FRAMES_IN_FLIGHT_OUT_OF_RANGE", "opening.max_frames_in_flight"},
                      Refusal{"Class", Open([](auto& options) { options.recipe.emplace().class_rules["rust"] = {}; }),
                              kInvalid, "CLASS_UNKNOWN", "opening.recipe.class_rules"},
                      Refusal{"PixelSize",
                              Open([](auto& options) { options.recipe.emplace().default_rule.min_area_mm2 = 1; }),
                              kInvalid, "PIXEL_SIZE_MISSING", "opening.recipe.millimetres_per_pixel"},
                      Refusal{"Area", Open([](auto& options) {
                                  options.recipe.emplace().ignored_areas = {{0, 0, 1, 0}};
                              }),
                              kInvalid, "IGNORED_AREA_OUT_OF_RANGE", "opening.recipe.ignored_areas[0]"}),
    NameOf);

INSTANTIATE_TEST_SUITE_P(
    Board, Refused,
    ::testing::Values(
        Refusal{"Task", Inspect([](auto& options) { options.task = Task::Segment; }), kPrecondition,
                "TASK_NOT_SUPPORTED", "opening.task"},
        Refusal{"Overlap", Inspect([](auto& options) { options.overlap = 320; }), kInvalid, "OVERLAP_OUT_OF_RANGE",
                "opening.overlap"},
        Refusal{"MaxDefects", Inspect([](auto& options) { options.inspection.max_defects = 10001; }), kInvalid,
                "MAX_DEFECTS_OUT_OF_RANGE", "opening.options.max_defects"},
        Refusal{"HalfARow", Strips(PixelFormat::Mono8, {250}), kInvalid, "STRIP_NOT_WHOLE_ROWS", "rows"},
        Refusal{"RowsMissing", Strips(PixelFormat::Mono8, {300, 600}), kInvalid, "ROWS_MISSING", "rows"},
        Refusal{"RowsExcess", Strips(PixelFormat::Mono8, {900, 200}), kInvalid, "ROWS_EXCESS", "rows"},
        Refusal{"Sample", Strips(PixelFormat::Mono12, {200, 1800}, 16), kInvalid, "SAMPLE_OUT_OF_RANGE", "rows"},
        Refusal{"TooWide",
                [] {
                    const Board board = Board::FromStrips(PixelFormat::Mono8, 65536, 4, [] { return Buffer(); });
                    SharedClient().InspectBoard(board, BoardOptions(Task::Detect));
                },
                StatusCode::ResourceExhausted, "IMAGE_TOO_LARGE", "opening.raw.width"},
        Refusal{
            "NoImageFile",
            [] { SharedClient().InspectBoard(Board::FromFile(RepositoryFile("LICENSE")), BoardOptions(Task::Detect)); },
            kInvalid, "IMAGE_FORMAT_UNKNOWN", "file_piece"}),
    NameOf);

TEST(Frames, BadOnes_EachItsOwnErrorAndTheSessionGoesOn) {
    SessionOptions options(Task::Detect);
    options.inspection.masks = false;
    Session session = SharedClient().OpenSession(options);
    Frame part(4, SampleFile("bus-binary.png"));
    part.part_id = std::string(257, 'a');
    Frame rois(5, SampleFile("bus-binary.png"));
    rois.rois = {{{1, 1, 5, 5}, ""}};
    session.Send(Frame(1, HalfAFile()));
    session.Send(Frame(2, Raw(PixelFormat::Mono8, 1, 65536, 0)));
    session.Send(Frame(3, SampleFile("bus-binary.png")));
    session.Send(part);
    session.Send(rois);
    session.Close();

    const auto expect_error = [&](std::uint64_t id, StatusCode code, const char* reason, const char* field) {
        const auto result = session.Receive();
        ASSERT_TRUE(result && result->error);
        EXPECT_EQ(result->frame_id, id);
        EXPECT_EQ(result->verdict, Verdict::Error);
        EXPECT_FALSE(result->image_size || result->execution);
        ExpectError(*result->error, code, reason, field);
    };
    expect_error(1, kInvalid, "IMAGE_TRUNCATED", "image.encoded");
    expect_error(2, StatusCode::ResourceExhausted, "IMAGE_TOO_LARGE", "image.raw.height");
    const auto good = session.Receive();
    ASSERT_TRUE(good);
    EXPECT_FALSE(good->error);
    EXPECT_EQ(good->verdict, Verdict::Fail);
    expect_error(4, kInvalid, "PART_ID_TOO_LONG", "part_id");
    expect_error(5, kPrecondition, "ROIS_NOT_SUPPORTED", "rois");
    EXPECT_FALSE(session.Receive());
}

TEST(Deadline, PassesWhileTheServerWorks) {
    CallOptions call;
    call.timeout = std::chrono::milliseconds(2);

    ExpectError(ErrorOf([&] { SharedClient().DetectAndSegment(SampleFile("dark-grey.png"), {}, call); }),
                StatusCode::DeadlineExceeded, "");
    EXPECT_NO_THROW(SharedClient().Detect(SampleFile("bus-binary.png")));
}

}  // namespace
}  // namespace ymasknet::testing

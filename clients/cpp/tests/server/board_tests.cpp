#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <memory>
#include <stdexcept>
#include <thread>

#include "expect_error.h"
#include "server/sample_images.h"
#include "server/server_process.h"
#include "ymasknet/ymasknet.h"

namespace ymasknet::testing {
namespace {

constexpr std::uint32_t kWidth = 1280;
constexpr std::uint32_t kHeight = 1000;

/// A board and its answer, inspected once for all tests.
struct Inspected {
    GreyPixels board = SampleBoard(kWidth, kHeight);
    BoardResult result = SharedClient().InspectBoard(Board::FromPixels(board.bytes, board.format, kWidth, kHeight),
                                                     BoardOptions(Task::DetectAndSegment));
};

const Inspected& SampleInspected() {
    static const Inspected inspected;
    return inspected;
}

/// Strips of some rows each, in memory that is overwritten for the next one.
Board::StripSource Strips(const GreyPixels& board, std::vector<std::uint32_t> rows) {
    struct State {
        std::vector<std::uint8_t> strip;
        std::size_t offset = 0;
        std::size_t next = 0;
    };
    auto state = std::make_shared<State>();
    return [&board, rows, state] {
        const std::size_t row_bytes = board.width;
        const std::size_t size =
            std::min(rows[state->next++ % rows.size()] * row_bytes, board.bytes.size() - state->offset);
        const auto start = board.bytes.begin() + static_cast<std::ptrdiff_t>(state->offset);
        state->strip.assign(start, start + static_cast<std::ptrdiff_t>(size));
        state->offset += size;
        return Buffer(state->strip);
    };
}

TEST(Boards, FromMemory_FoundOnTheWholeBoard) {
    const BoardResult& result = SampleInspected().result;

    EXPECT_EQ(result.image_size, (ImageSize{kWidth, kHeight}));
    EXPECT_EQ(result.tiling.tile_size, (ImageSize{640, 640}));
    EXPECT_EQ(result.tiling.tile_count, 6u);
    EXPECT_EQ(result.tiling.overlap, 128u);
    EXPECT_EQ(result.model.name, "pcb-ymasknet");
    ASSERT_GT(result.defects.size(), 3u);
    bool right = false;
    bool below = false;
    for (const Defect& defect : result.defects) {
        ASSERT_TRUE(defect.mask);
        EXPECT_EQ(defect.mask->image_size(), (ImageSize{kWidth, kHeight}));
        EXPECT_EQ(defect.mask->area(), defect.area);
        right = right || defect.box.x > 640;
        below = below || defect.box.y > 640;
    }
    EXPECT_TRUE(right && below) << "something must be found in all parts of the board";
}

TEST(Boards, HoweverTheRowsCome_SameAnswer) {
    const Inspected& inspected = SampleInspected();
    for (const std::vector<std::uint32_t>& rows :
         {std::vector<std::uint32_t>{1}, {7, 64, 3}, {kHeight}, {999, 1}, {100000}}) {
        const Board board = Board::FromStrips(PixelFormat::Mono8, kWidth, kHeight, Strips(inspected.board, rows));

        EXPECT_EQ(SharedClient().InspectBoard(board, BoardOptions(Task::DetectAndSegment)).defects,
                  inspected.result.defects)
            << "strips of " << rows[0] << " rows first";
    }
}

TEST(Boards, FromMemoryWithAnOwner_SameAnswerAndLetGo) {
    const Inspected& inspected = SampleInspected();
    auto pixels = std::make_shared<std::vector<std::uint8_t>>(inspected.board.bytes);
    const std::weak_ptr<std::vector<std::uint8_t>> watched = pixels;
    {
        const Board board = Board::FromPixels(Buffer::Shared(std::move(pixels)), PixelFormat::Mono8, kWidth, kHeight);
        EXPECT_EQ(SharedClient().InspectBoard(board, BoardOptions(Task::DetectAndSegment)).defects,
                  inspected.result.defects);
    }
    EXPECT_TRUE(watched.expired());
}

TEST(Boards, PartOfALargerFrame_SameAnswer) {
    const Inspected& inspected = SampleInspected();
    const GreyPixels larger = SampleBoard(1280, 1280);
    std::vector<std::uint8_t> padded(std::size_t{kHeight} * 1500, std::uint8_t{77});
    for (std::size_t y = 0; y < kHeight; ++y)
        std::copy_n(larger.bytes.begin() + static_cast<std::ptrdiff_t>(y * 1280), 1280,
                    padded.begin() + static_cast<std::ptrdiff_t>(y * 1500));

    const Board board = Board::FromPixels(padded, PixelFormat::Mono8, kWidth, kHeight, 1500);

    EXPECT_EQ(SharedClient().InspectBoard(board, BoardOptions(Task::DetectAndSegment)).defects,
              inspected.result.defects);
}

TEST(Boards, FromFile_SameAnswerAndProgressToTheEnd) {
    const Inspected& inspected = SampleInspected();
    const std::string path = ::testing::TempDir() + "ymasknet_board.png";
    WritePng(path, inspected.board);
    BoardOptions options(Task::DetectAndSegment);
    std::vector<std::uint64_t> sent;
    std::uint64_t total = 0;
    options.progress = [&](std::uint64_t sent_bytes, std::uint64_t total_bytes) {
        sent.push_back(sent_bytes);
        total = total_bytes;
    };

    const BoardResult result = SharedClient().InspectBoard(Board::FromFile(path), options);
    std::remove(path.c_str());

    EXPECT_EQ(result.defects, inspected.result.defects);
    ASSERT_GE(sent.size(), 2u);
    EXPECT_EQ(sent.front(), 0u);
    EXPECT_EQ(sent.back(), total);
}

TEST(Boards, NoLargerThanATile_SameAsASingleImage) {
    const GreyPixels pixels = SamplePixels("bus-binary.png");

    const BoardResult board =
        SharedClient().InspectBoard(Board::FromPixels(pixels.bytes, pixels.format, pixels.width, pixels.height),
                                    BoardOptions(Task::DetectAndSegment));

    EXPECT_EQ(board.defects, SharedClient().DetectAndSegment(pixels.ToImage()).defects);
    EXPECT_EQ(board.tiling.tile_count, 1u);
}

TEST(Boards, SourceThatThrows_EndsTheCallWithItsOwnException) {
    int drawn = 0;
    const std::vector<std::uint8_t> row(kWidth);
    const Board board = Board::FromStrips(PixelFormat::Mono8, kWidth, kHeight, [&]() -> Buffer {
        if (++drawn == 3)
            throw std::out_of_range("The camera is gone.");
        return row;
    });

    EXPECT_THROW(SharedClient().InspectBoard(board, BoardOptions(Task::Detect)), std::out_of_range);
    EXPECT_EQ(drawn, 3);
}

TEST(Boards, FileThatIsNotThere_IsSaidBeforeTheServerIsAsked) {
    const Client nowhere("http://127.0.0.1:1");

    ExpectError(
        ErrorOf([&] { nowhere.InspectBoard(Board::FromFile("/nowhere/board.png"), BoardOptions(Task::Detect)); }),
        StatusCode::NotFound, "FILE_UNREADABLE");
}

TEST(Boards, CancelledFromAnotherThread_Ends) {
    CallOptions call;
    call.cancellation.emplace();
    const std::vector<std::uint8_t> row(kWidth);
    int drawn = 0;
    const Board board = Board::FromStrips(PixelFormat::Mono8, kWidth, kHeight, [&] {
        if (++drawn == 10)
            std::thread([&] { call.cancellation->Cancel(); }).join();
        return Buffer(row);
    });

    const Error error = ErrorOf([&] { SharedClient().InspectBoard(board, BoardOptions(Task::Detect), call); });

    EXPECT_EQ(error.code(), StatusCode::Cancelled);
    EXPECT_LT(drawn, 1000) << "nothing more is drawn from the source of a call that is over";
}

TEST(Boards, DeadlineWhileTheSourceIsSlow_Ends) {
    CallOptions call;
    call.timeout = std::chrono::milliseconds(150);
    const std::vector<std::uint8_t> row(kWidth);
    const Board board = Board::FromStrips(PixelFormat::Mono8, kWidth, kHeight, [&] {
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
        return Buffer(row);
    });

    ExpectError(ErrorOf([&] { SharedClient().InspectBoard(board, BoardOptions(Task::Detect), call); }),
                StatusCode::DeadlineExceeded, "");
}

}  // namespace
}  // namespace ymasknet::testing

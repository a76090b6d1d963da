#include <gtest/gtest.h>

#include <array>
#include <cstdint>
#include <cstdio>
#include <memory>
#include <string>
#include <type_traits>
#include <vector>

#include "expect_error.h"
#include "requests.h"
#include "ymasknet/buffer.h"

namespace ymasknet::testing {
namespace {

static_assert(!std::is_constructible_v<Buffer, std::vector<std::uint8_t>&&>, "a temporary's memory would be gone");
static_assert(!std::is_constructible_v<Buffer, std::vector<std::string>&>, "strings are not their bytes");
static_assert(std::is_constructible_v<Buffer, const std::vector<std::uint16_t>&>);
static_assert(std::is_nothrow_move_constructible_v<Buffer>);

TEST(Buffer, OfAVectorOfWords_IsAViewOfItsBytes) {
    const std::vector<std::uint16_t> words = {1, 2, 3};

    const Buffer buffer = words;

    EXPECT_EQ(static_cast<const void*>(buffer.data()), words.data());
    EXPECT_EQ(buffer.size(), 6u);
    EXPECT_EQ(buffer.owner(), nullptr);
}

TEST(Buffer, Shared_KeepsItsMemory) {
    auto bytes = std::make_shared<std::vector<std::uint8_t>>(10, std::uint8_t{7});
    const std::weak_ptr<std::vector<std::uint8_t>> watched = bytes;

    Buffer buffer = Buffer::Shared(std::move(bytes));
    Buffer part = buffer.Part(4, 2);
    buffer = Buffer();

    ASSERT_FALSE(watched.expired());
    EXPECT_EQ(static_cast<const void*>(part.data()), watched.lock()->data() + 4);
    EXPECT_EQ(part.size(), 2u);
    part = Buffer();
    EXPECT_TRUE(watched.expired());
}

TEST(Buffer, Owned_CopiesViewsAndNothingElse) {
    const std::array<std::uint8_t, 3> bytes = {1, 2, 3};
    const Buffer view = bytes;
    const Buffer shared = Buffer::Shared(std::make_shared<std::vector<std::uint8_t>>(3));

    EXPECT_NE(Owned(view).data(), view.data());
    EXPECT_EQ(static_cast<int>(Owned(view).data()[2]), 3);
    EXPECT_NE(Owned(view).owner(), nullptr);
    EXPECT_EQ(Owned(shared).data(), shared.data());
    EXPECT_TRUE(Owned(Buffer()).empty());
}

TEST(Buffer, FromFile_HoldsItsBytes) {
    const std::string path = ::testing::TempDir() + "ymasknet_buffer_tests.bin";
    std::FILE* file = std::fopen(path.c_str(), "wb");
    ASSERT_NE(file, nullptr);
    std::fputs("bytes", file);
    std::fclose(file);

    const Buffer buffer = Buffer::FromFile(path);
    std::remove(path.c_str());

    EXPECT_EQ(std::string(reinterpret_cast<const char*>(buffer.data()), buffer.size()), "bytes");
}

TEST(Buffer, FromFile_ThatIsNotThere_NamesIt) {
    const Error error = ErrorOf([] { Buffer::FromFile("/nowhere/frame.png"); });

    ExpectError(error, StatusCode::NotFound, "FILE_UNREADABLE");
    EXPECT_NE(error.message().find("/nowhere/frame.png"), std::string::npos);
}

TEST(Buffer, FromFile_OfAFolder_IsRefused) {
    ExpectError(ErrorOf([] { Buffer::FromFile("/"); }), StatusCode::Internal, "FILE_UNREADABLE");
}

}  // namespace
}  // namespace ymasknet::testing

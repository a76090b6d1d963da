#include <gtest/gtest.h>

#include <cctype>
#include <cstdint>
#include <string>
#include <vector>

#include "expect_error.h"
#include "pixel_rows.h"
#include "ymasknet/image.h"

namespace ymasknet::testing {
namespace {

constexpr PixelFormat kFormats[] = {PixelFormat::Mono8, PixelFormat::Mono10, PixelFormat::Mono12,  PixelFormat::Mono16,
                                    PixelFormat::RGB8,  PixelFormat::BGR8,   PixelFormat::BayerRG8};

TEST(Image, Raw_OfEveryFormat_TakesExactlyItsPixels) {
    for (const PixelFormat format : kFormats) {
        const std::vector<std::uint8_t> pixels(6 * BytesPerPixel(format));

        const Image image = Image::Raw(pixels, format, 3, 2);

        EXPECT_TRUE(image.IsRaw());
        EXPECT_EQ(image.stride(), 3 * BytesPerPixel(format));
        // PFNC's numbers have the bits of a pixel in their third byte.
        EXPECT_EQ(static_cast<std::uint32_t>(format) >> 16 & 0xff, 8 * BytesPerPixel(format));
    }
}

struct BadRaw {
    const char* what;
    std::uint32_t format;
    std::size_t bytes;
    std::uint32_t width;
    std::uint32_t height;
    std::uint32_t stride;
    const char* reason;
    const char* field;
};

class BadRawImage : public ::testing::TestWithParam<BadRaw> {};

TEST_P(BadRawImage, IsRefusedWithTheServersReason) {
    const BadRaw& raw = GetParam();
    const std::vector<std::uint8_t> pixels(raw.bytes);

    const Error error =
        ErrorOf([&] { Image::Raw(pixels, static_cast<PixelFormat>(raw.format), raw.width, raw.height, raw.stride); });

    ExpectError(error, StatusCode::InvalidArgument, raw.reason, raw.field);
}

constexpr std::uint32_t kMono8 = 0x01080001;
constexpr std::uint32_t kMono16 = 0x01100007;

INSTANTIATE_TEST_SUITE_P(
    Image, BadRawImage,
    ::testing::Values(
        BadRaw{"format not set", 0, 4096, 64, 64, 0, "PIXEL_FORMAT_UNKNOWN", "image.raw.pixel_format"},
        BadRaw{"format unknown", 0x01080008, 4096, 64, 64, 0, "PIXEL_FORMAT_UNKNOWN", "image.raw.pixel_format"},
        BadRaw{"one byte short", kMono8, 4095, 64, 64, 0, "RAW_SIZE_MISMATCH", "image.raw.data"},
        BadRaw{"one byte over", kMono8, 4097, 64, 64, 0, "RAW_SIZE_MISMATCH", "image.raw.data"},
        BadRaw{"no bytes", kMono8, 0, 64, 64, 0, "RAW_SIZE_MISMATCH", "image.raw.data"},
        BadRaw{"stride below a row", kMono16, 8192, 64, 64, 127, "RAW_STRIDE_TOO_SMALL", "image.raw.stride"},
        BadRaw{"stride of 4 GB", kMono8, 4096, 64, 64, 0xffffffff, "RAW_SIZE_MISMATCH", "image.raw.data"},
        BadRaw{"size of 2^64", kMono8, 4096, 0xffffffff, 0xffffffff, 0, "RAW_SIZE_MISMATCH", "image.raw.data"},
        BadRaw{"no width", kMono8, 4096, 0, 64, 0, "RAW_DIMENSIONS_OUT_OF_RANGE", "image.raw.width"},
        BadRaw{"no height", kMono8, 4096, 64, 0, 0, "RAW_DIMENSIONS_OUT_OF_RANGE", "image.raw.height"}),
    [](const ::testing::TestParamInfo<BadRaw>& bad) {
        std::string name;
        for (const char* letter = bad.param.what; *letter != '\0'; ++letter) {
            if (std::isalnum(static_cast<unsigned char>(*letter)) != 0)
                name += *letter;
        }
        return name;
    });

TEST(Image, Raw_WithPadding_LastRowMayLackIts) {
    const std::vector<std::uint8_t> pixels(16 * 3);

    EXPECT_EQ(Image::Raw({pixels.data(), 16 * 3}, PixelFormat::Mono8, 10, 3, 16).stride(), 16u);
    EXPECT_EQ(Image::Raw({pixels.data(), 16 * 2 + 10}, PixelFormat::Mono8, 10, 3, 16).stride(), 16u);
    ExpectError(ErrorOf([&] {
                    Image::Raw({pixels.data(), 16 * 2 + 9}, PixelFormat::Mono8, 10, 3, 16);
                }),
                StatusCode::InvalidArgument, "RAW_SIZE_MISMATCH", "image.raw.data");
}

TEST(PackRows, LeavesThePaddingBehind) {
    const std::vector<std::uint8_t> padded = {1, 2, 99, 3, 4, 99, 5, 6};

    const Buffer packed = PackRows(padded, {2, 3, 3}, 1, 2);

    const auto* bytes = reinterpret_cast<const std::uint8_t*>(packed.data());
    EXPECT_EQ(std::vector<std::uint8_t>(bytes, bytes + packed.size()), (std::vector<std::uint8_t>{3, 4, 5, 6}));
}

}  // namespace
}  // namespace ymasknet::testing

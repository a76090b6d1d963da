#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>

#include "expect_error.h"
#include "units/run_length_writer.h"
#include "ymasknet/mask.h"

namespace ymasknet::testing {
namespace {

/// A bitmap of an image and what the library must make of it.
struct Bitmap {
    std::uint32_t width;
    std::uint32_t height;
    std::vector<bool> pixels;

    bool At(std::uint32_t x, std::uint32_t y) const { return pixels[std::size_t{y} * width + x]; }
    Mask ToMask() const { return Mask::FromCocoRle({width, height}, WriteCounts(RunsOf(pixels, width, height))); }
};

/// Bitmaps of all kinds: noise of any density, rectangles at the image's edges, one row, one column, nothing,
/// everything.
Bitmap RandomBitmap(std::mt19937& random) {
    const auto below = [&](std::uint32_t end) { return static_cast<std::uint32_t>(random() % end); };
    Bitmap bitmap = {1 + below(70), 1 + below(70), {}};
    bitmap.pixels.resize(std::size_t{bitmap.width} * bitmap.height);
    if (below(2) == 0) {
        const std::uint32_t density = below(11);
        for (std::size_t i = 0; i < bitmap.pixels.size(); ++i)
            bitmap.pixels[i] = below(10) < density;
    } else {
        const std::uint32_t left = below(bitmap.width);
        const std::uint32_t top = below(bitmap.height);
        for (std::uint32_t y = top; y < bitmap.height - below(2) && y < bitmap.height; ++y) {
            for (std::uint32_t x = left; x < bitmap.width; ++x)
                bitmap.pixels[std::size_t{y} * bitmap.width + x] = true;
        }
    }
    return bitmap;
}

PixelRectangle BoundsOf(const Bitmap& bitmap) {
    std::uint32_t left = bitmap.width;
    std::uint32_t top = bitmap.height;
    std::uint32_t right = 0;
    std::uint32_t bottom = 0;
    for (std::uint32_t y = 0; y < bitmap.height; ++y) {
        for (std::uint32_t x = 0; x < bitmap.width; ++x) {
            if (bitmap.At(x, y)) {
                left = std::min(left, x);
                top = std::min(top, y);
                right = std::max(right, x + 1);
                bottom = std::max(bottom, y + 1);
            }
        }
    }
    return right > left ? PixelRectangle{left, top, right - left, bottom - top} : PixelRectangle{};
}

bool BitAt(const BitMask& mask, std::uint32_t x, std::uint32_t y) {
    const std::uint32_t column = x - mask.rectangle.x;
    return (mask.bits[(y - mask.rectangle.y) * mask.stride + column / 8] >> (7 - column % 8) & 1) == 1;
}

TEST(Mask, RandomBitmaps_ComeBackInEveryForm) {
    std::mt19937 random(20240501);
    for (int round = 0; round < 600; ++round) {
        SCOPED_TRACE("round " + std::to_string(round));
        const Bitmap bitmap = RandomBitmap(random);
        const Mask mask = bitmap.ToMask();
        const auto area = static_cast<std::uint64_t>(std::count(bitmap.pixels.begin(), bitmap.pixels.end(), true));

        ASSERT_EQ(mask.area(), area);
        ASSERT_EQ(mask.bounds(), BoundsOf(bitmap));
        const ByteMask whole = mask.ToBytes(MaskExtent::Image, 200);
        ASSERT_EQ(whole.rectangle, (PixelRectangle{0, 0, bitmap.width, bitmap.height}));
        for (std::size_t i = 0; i < bitmap.pixels.size(); ++i)
            ASSERT_EQ(whole.pixels[i], bitmap.pixels[i] ? 200 : 0);

        const ByteMask bytes = mask.ToBytes();
        const BitMask bits = mask.ToBits();
        const BitMask whole_bits = mask.ToBits(MaskExtent::Image);
        ASSERT_EQ(bytes.rectangle, mask.bounds());
        ASSERT_EQ(bytes.pixels.size(), std::size_t{bytes.rectangle.width} * bytes.rectangle.height);
        ASSERT_EQ(bits.rectangle, mask.bounds());
        ASSERT_EQ(bits.stride, (bits.rectangle.width + 7) / 8);
        std::uint64_t bit_count = 0;
        for (const std::uint8_t byte : bits.bits)
            bit_count += static_cast<std::uint64_t>(__builtin_popcount(byte));
        ASSERT_EQ(bit_count, area) << "bits that pad a row must be 0";
        for (std::uint32_t y = 0; y < bitmap.height; ++y) {
            for (std::uint32_t x = 0; x < bitmap.width; ++x) {
                const bool inside = bitmap.At(x, y);
                ASSERT_EQ(mask.Contains(x, y), inside);
                ASSERT_EQ(BitAt(whole_bits, x, y), inside);
                const bool in_bounds = x >= bytes.rectangle.x && x < bytes.rectangle.x + bytes.rectangle.width &&
                                       y >= bytes.rectangle.y && y < bytes.rectangle.y + bytes.rectangle.height;
                if (in_bounds) {
                    ASSERT_EQ(BitAt(bits, x, y), inside);
                    ASSERT_EQ(bytes.pixels[(y - bytes.rectangle.y) * bytes.rectangle.width + (x - bytes.rectangle.x)],
                              inside ? 255 : 0);
                }
            }
        }
        ASSERT_FALSE(mask.Contains(bitmap.width, 0));
        ASSERT_FALSE(mask.Contains(0, bitmap.height));
    }
}

TEST(Mask, Paint_TouchesThePixelsOfTheMaskAlone) {
    std::mt19937 random(7);
    for (int round = 0; round < 500; ++round) {
        const Bitmap bitmap = RandomBitmap(random);
        const PixelRectangle window = {
            static_cast<std::uint32_t>(random() % bitmap.width), static_cast<std::uint32_t>(random() % bitmap.height),
            1 + static_cast<std::uint32_t>(random() % 40), 1 + static_cast<std::uint32_t>(random() % 40)};
        const std::size_t stride = window.width + 3;
        std::vector<std::uint8_t> canvas(stride * window.height, 9);

        bitmap.ToMask().Paint(canvas.data(), stride, window, 77);

        for (std::uint32_t y = 0; y < window.height; ++y) {
            for (std::uint32_t x = 0; x < stride; ++x) {
                const bool inside = x < window.width && window.x + x < bitmap.width && window.y + y < bitmap.height &&
                                    bitmap.At(window.x + x, window.y + y);
                ASSERT_EQ(canvas[y * stride + x], inside ? 77 : 9)
                    << "round " << round << ", (" << x << ", " << y << ")";
            }
        }
    }
}

TEST(Mask, FromCocoRle_OfPycocotools_IsTheSameMask) {
    // A 3 x 4 image, columns 0110, 1111, 0001 from the top: runs 1, 2, 1, 4, 3, 1, as pycocotools' rleToString writes
    // them.
    const Mask mask = Mask::FromCocoRle({3, 4}, "12122M");

    EXPECT_EQ(mask.runs(), (std::vector<std::uint32_t>{1, 2, 1, 4, 3, 1}));
    EXPECT_EQ(mask.area(), 7u);
    EXPECT_EQ(mask.ToBytes(MaskExtent::Image, 1).pixels,
              (std::vector<std::uint8_t>{0, 1, 0, 1, 1, 0, 1, 1, 0, 0, 1, 1}));
}

TEST(Mask, FromCocoRle_LargestImage_IsRead) {
    const std::uint64_t pixels = 65535ull * 65535ull;

    const Mask mask = Mask::FromCocoRle({65535, 65535}, WriteCounts({0, static_cast<std::uint32_t>(pixels)}));

    EXPECT_EQ(mask.area(), pixels);
    EXPECT_TRUE(mask.Contains(65534, 65534));
}

TEST(Mask, Empty_HasNoPixels) {
    const Mask mask = Mask::Empty({20, 10});

    EXPECT_EQ(mask.area(), 0u);
    EXPECT_EQ(mask.bounds(), PixelRectangle());
    EXPECT_TRUE(mask.ToBytes().pixels.empty());
    EXPECT_EQ(mask.ToBits(MaskExtent::Image).bits, std::vector<std::uint8_t>(30));
    EXPECT_FALSE(mask.Contains(0, 0));
}

class DamagedCounts : public ::testing::TestWithParam<std::string> {};

TEST_P(DamagedCounts, AreRefused) {
    ExpectError(ErrorOf([] { Mask::FromCocoRle({3, 4}, GetParam()); }), StatusCode::DataLoss, "MASK_DAMAGED");
}

INSTANTIATE_TEST_SUITE_P(Mask, DamagedCounts,
                         ::testing::Values("",                 // covers nothing
                                           "12",               // covers too little
                                           "<1",               // covers too much
                                           "O",                // a negative run
                                           "122222N",          // a negative difference below zero
                                           "1P",               // ends inside a run
                                           "1 2",              // a foreign character
                                           "1\xff",            // a byte that is no ASCII
                                           "PPPPPPPPPPPPPP1",  // longer than any image
                                           "oooooooO"));       // a negative run longer than any image

TEST(Mask, FromCocoRle_RandomText_IsReadOrRefusedAndNothingElse) {
    std::mt19937 random(99);
    int read = 0;
    for (int round = 0; round < 20000; ++round) {
        std::string counts(random() % 8, '\0');
        for (char& character : counts)
            character = static_cast<char>('0' + random() % 64);
        try {
            const Mask mask = Mask::FromCocoRle({2, 2}, counts);
            ++read;
            EXPECT_LE(mask.area(), 4u);
        } catch (const Error& error) {
            EXPECT_EQ(error.reason(), "MASK_DAMAGED");
        }
    }
    EXPECT_GT(read, 0) << "no random text was a mask: the test has tested refusals alone";
}

}  // namespace
}  // namespace ymasknet::testing

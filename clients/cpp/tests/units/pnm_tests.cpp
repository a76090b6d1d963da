#include <gtest/gtest.h>

#include <random>
#include <stdexcept>
#include <string>

#include "pnm.h"

namespace ymasknet::testing {
namespace {

std::vector<std::uint8_t> Bytes(const std::string& text) {
    return {text.begin(), text.end()};
}

/// A file with samples of one or two bytes, high byte first.
std::vector<std::uint8_t> File(const std::string& header, std::uint32_t highest,
                               const std::vector<std::uint32_t>& samples) {
    std::vector<std::uint8_t> file = Bytes(header);
    for (const std::uint32_t sample : samples) {
        if (highest > 255)
            file.push_back(static_cast<std::uint8_t>(sample >> 8));
        file.push_back(static_cast<std::uint8_t>(sample));
    }
    return file;
}

TEST(Pnm, GreyBytes_StayAsTheyAre) {
    const PnmImage image = DecodePnm(File("P5\n3 2\n255\n", 255, {0, 1, 2, 253, 254, 255}));

    EXPECT_EQ(image.format, PixelFormat::Mono8);
    EXPECT_EQ(image.width, 3u);
    EXPECT_EQ(image.height, 2u);
    EXPECT_EQ(image.pixels, (std::vector<std::uint8_t>{0, 1, 2, 253, 254, 255}));
}

struct Words {
    std::uint32_t highest;
    PixelFormat format;
};

class GreyWords : public ::testing::TestWithParam<Words> {};

TEST_P(GreyWords, StayAsTheyAreButForTheOrderOfTheirBytes) {
    const std::uint32_t highest = GetParam().highest;

    const PnmImage image = DecodePnm(File("P5 2 1 " + std::to_string(highest) + "\n", highest, {0x0102, highest}));

    EXPECT_EQ(image.format, GetParam().format);
    EXPECT_EQ(image.pixels, (std::vector<std::uint8_t>{0x02, 0x01, static_cast<std::uint8_t>(highest),
                                                       static_cast<std::uint8_t>(highest >> 8)}));
}

INSTANTIATE_TEST_SUITE_P(Pnm, GreyWords,
                         ::testing::Values(Words{1023, PixelFormat::Mono10}, Words{4095, PixelFormat::Mono12},
                                           Words{65535, PixelFormat::Mono16}));

TEST(Pnm, OtherHighestSamples_AreScaled) {
    EXPECT_EQ(DecodePnm(File("P5 3 1 15\n", 15, {0, 7, 15})).pixels, (std::vector<std::uint8_t>{0, 119, 255}));
    const PnmImage words = DecodePnm(File("P5 2 1 1000\n", 1000, {500, 1000}));
    EXPECT_EQ(words.format, PixelFormat::Mono16);
    EXPECT_EQ(words.pixels, (std::vector<std::uint8_t>{0x00, 0x80, 0xff, 0xff}));
}

TEST(Pnm, Colour_IsRgbOfBytes) {
    const PnmImage bytes = DecodePnm(File("P6 1 2 255\n", 255, {1, 2, 3, 4, 5, 6}));
    const PnmImage words = DecodePnm(File("P6 1 1 65535\n", 65535, {0, 32768, 65535}));

    EXPECT_EQ(bytes.format, PixelFormat::RGB8);
    EXPECT_EQ(bytes.pixels, (std::vector<std::uint8_t>{1, 2, 3, 4, 5, 6}));
    EXPECT_EQ(words.format, PixelFormat::RGB8);
    EXPECT_EQ(words.pixels, (std::vector<std::uint8_t>{0, 128, 255}));
}

TEST(Pnm, CommentsAndSpace_AreSkipped) {
    const PnmImage image = DecodePnm(File("P5# made by a camera\r\n#\n 2\t1 # width, height\n255\n", 255, {'#', ' '}));

    EXPECT_EQ(image.pixels, Bytes("# "));
}

TEST(Pnm, WhatFollowsTheImage_IsIgnored) {
    EXPECT_EQ(DecodePnm(Bytes("P5 1 1 255\nAP5 1 1 255\nB")).pixels, Bytes("A"));
}

struct Bad {
    const char* file;
    const char* why;
};

class BadPnm : public ::testing::TestWithParam<Bad> {};

TEST_P(BadPnm, IsRefusedAndSaysWhy) {
    try {
        DecodePnm(Bytes(GetParam().file));
        FAIL() << "There was no error.";
    } catch (const std::runtime_error& error) {
        EXPECT_NE(std::string(error.what()).find(GetParam().why), std::string::npos) << error.what();
    }
}

INSTANTIATE_TEST_SUITE_P(
    Pnm, BadPnm,
    ::testing::Values(Bad{"", "begin with P5 or P6"}, Bad{"P", "begin with P5 or P6"},
                      Bad{"P2 1 1 255\n0", "begin with P5 or P6"}, Bad{"\x89PNG", "begin with P5 or P6"},
                      Bad{"P5", "no space before its width"}, Bad{"P51 1 255\nA", "no space before its width"},
                      Bad{"P5 ", "width is missing"}, Bad{"P5 -1 1 255\nA", "width is missing"},
                      Bad{"P5 99999999999 1 255\nA", "width is too large"},
                      Bad{"P5 1 1", "no space before its highest"}, Bad{"P5 0 1 255\nA", "no pixels"},
                      Bad{"P5 1 0 255\nA", "no pixels"}, Bad{"P5 1 1 0\nA", "highest sample is 0"},
                      Bad{"P5 1 1 65536\nAA", "highest sample is 65536"}, Bad{"P5 1 1 255", "header has no end"},
                      Bad{"P5 1 1 255A", "header has no end"}, Bad{"P5 2 2 255\nABC", "before its last pixel"},
                      Bad{"P5 1 1 256\nA", "before its last pixel"}, Bad{"P6 1 1 255\nAB", "before its last pixel"},
                      Bad{"P5 4294967295 4294967295 255\nA", "before its last pixel"},
                      Bad{"P5 1 1 64\nA", "is above its highest"}));

TEST(Pnm, AnyCutAndAnyFlippedByte_IsReadOrRefusedAndNothingElse) {
    const std::vector<std::uint8_t> good =
        File("P6\n# comment\n4 3\n1023\n", 1023, std::vector<std::uint32_t>(36, 1000));
    std::mt19937 random(3);
    int refused = 0;
    for (int round = 0; round < 5000; ++round) {
        std::vector<std::uint8_t> file = good;
        file[random() % file.size()] = static_cast<std::uint8_t>(random());
        file.resize(round % 2 == 0 ? file.size() : random() % file.size());
        try {
            const PnmImage image = DecodePnm(file);
            EXPECT_EQ(image.pixels.size(), std::size_t{image.width} * image.height * BytesPerPixel(image.format));
        } catch (const std::runtime_error&) {
            ++refused;
        }
    }
    EXPECT_GT(refused, 2000);
}

}  // namespace
}  // namespace ymasknet::testing

/// @file
/// Reads PGM and PPM files, the simplest files that a camera's frames are kept in.
#pragma once

#include <cstdint>
#include <vector>

#include "ymasknet/image.h"

/// A decoded PGM or PPM file.
struct PnmImage {
    /// Mono8, Mono10, Mono12, Mono16 or RGB8.
    ymasknet::PixelFormat format;
    /// Unit: pixels.
    std::uint32_t width;
    /// Unit: pixels.
    std::uint32_t height;
    /// Row-major, without padding, samples of two bytes little-endian.
    std::vector<std::uint8_t> pixels;
};

/// Decodes a binary PGM (`P5`) or PPM (`P6`) file of 8 or 16 bits per sample. Grey samples whose highest value is 255,
/// 1023, 4095 or 65535 stay as they are; others are scaled to 8 or 16 bits. Colour is scaled to 8 bits, the most that
/// the server takes.
/// @throws std::runtime_error The file is of another kind, damaged or truncated; what() says which.
PnmImage DecodePnm(const std::vector<std::uint8_t>& file);

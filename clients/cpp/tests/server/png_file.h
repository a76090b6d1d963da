// Pixels of PNG files.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "ymasknet/image.h"

namespace ymasknet::testing {

/// Raw grey pixels.
struct GreyPixels {
    PixelFormat format = PixelFormat::Mono8;
    std::uint32_t width = 0;
    std::uint32_t height = 0;
    /// Row-major, without padding.
    std::vector<std::uint8_t> bytes;

    Image ToImage() const { return Image::Raw(bytes, format, width, height); }
};

/// Decodes a grey PNG file of 1, 8 or 16 bits; 1 bit becomes 0 and 255.
GreyPixels ReadPng(const std::string& path);

/// Writes 8-bit grey pixels.
void WritePng(const std::string& path, const GreyPixels& pixels);

}  // namespace ymasknet::testing

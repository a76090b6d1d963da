// Rows of pixels in memory: their geometry, and how they lose their padding.
#pragma once

#include <cstdint>
#include <string>

#include "ymasknet/buffer.h"
#include "ymasknet/image.h"

namespace ymasknet {

/// Where the rows of an image lie.
struct RowLayout {
    /// A row without its padding. Unit: bytes.
    std::uint64_t row_bytes;
    /// Unit: bytes; at least row_bytes.
    std::uint64_t stride;
    std::uint32_t height;
};

/// Checks what a caller says of raw pixels that have not come yet.
/// @param field Path of the image in the request, for the errors.
/// @throws Error `PIXEL_FORMAT_UNKNOWN`, `RAW_DIMENSIONS_OUT_OF_RANGE`.
void CheckForm(PixelFormat format, std::uint32_t width, std::uint32_t height, const std::string& field);

/// Checks what a caller says of raw pixels.
/// @param field Path of the image in the request, for the errors.
/// @throws Error as Image::Raw.
RowLayout CheckRows(const Buffer& pixels, PixelFormat format, std::uint32_t width, std::uint32_t height,
                    std::uint32_t stride, const std::string& field);

/// Some rows, without padding, in memory of their own: one copy.
Buffer PackRows(const Buffer& pixels, const RowLayout& layout, std::uint32_t first_row, std::uint32_t row_count);

}  // namespace ymasknet

#include "pixel_rows.h"

#include <cstring>

#include "failure.h"
#include "uninitialised_bytes.h"

namespace ymasknet {
namespace {

Error Invalid(const char* reason, const std::string& message, const std::string& field) {
    return Failure(StatusCode::InvalidArgument, reason, message, field);
}

}  // namespace

void CheckForm(PixelFormat format, std::uint32_t width, std::uint32_t height, const std::string& field) {
    if (BytesPerPixel(format) == 0) {
        throw Invalid(
            "PIXEL_FORMAT_UNKNOWN",
            std::to_string(static_cast<std::uint32_t>(format)) + " is not the number of a supported pixel format.",
            field + ".pixel_format");
    }
    if (width == 0)
        throw Invalid("RAW_DIMENSIONS_OUT_OF_RANGE", "The width is 0; it must be at least 1.", field + ".width");
    if (height == 0)
        throw Invalid("RAW_DIMENSIONS_OUT_OF_RANGE", "The height is 0; it must be at least 1.", field + ".height");
}

RowLayout CheckRows(const Buffer& pixels, PixelFormat format, std::uint32_t width, std::uint32_t height,
                    std::uint32_t stride, const std::string& field) {
    CheckForm(format, width, height, field);
    const std::uint64_t row_bytes = std::uint64_t{width} * BytesPerPixel(format);
    const RowLayout layout = {row_bytes, stride == 0 ? row_bytes : stride, height};
    if (layout.stride < layout.row_bytes) {
        throw Invalid(
            "RAW_STRIDE_TOO_SMALL",
            "The stride is " + std::to_string(stride) + "; a row has " + std::to_string(layout.row_bytes) + " bytes.",
            field + ".stride");
    }

    const std::uint64_t least = (height - 1) * layout.stride + layout.row_bytes;
    const std::uint64_t most = height * layout.stride;
    if (pixels.size() < least || pixels.size() > most) {
        throw Invalid("RAW_SIZE_MISMATCH",
                      "There are " + std::to_string(pixels.size()) + " bytes; " + std::to_string(width) + " x " +
                          std::to_string(height) + " pixels with a stride of " + std::to_string(layout.stride) +
                          " have " + std::to_string(least) + (most > least ? " to " + std::to_string(most) : "") + ".",
                      field + ".data");
    }
    return layout;
}

Buffer PackRows(const Buffer& pixels, const RowLayout& layout, std::uint32_t first_row, std::uint32_t row_count) {
    const auto row_bytes = static_cast<std::size_t>(layout.row_bytes);
    const std::size_t size = row_bytes * row_count;
    const std::shared_ptr<std::byte[]> packed = UninitialisedBytes(size);
    const std::byte* row = pixels.data() + first_row * layout.stride;
    if (layout.stride == layout.row_bytes) {
        std::memcpy(packed.get(), row, size);
    } else {
        for (std::byte* target = packed.get(); target != packed.get() + size; target += row_bytes, row += layout.stride)
            std::memcpy(target, row, row_bytes);
    }
    return Buffer::Shared(packed, packed.get(), size);
}

}  // namespace ymasknet

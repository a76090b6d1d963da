#include "ymasknet/image.h"

#include <utility>

#include "pixel_rows.h"

namespace ymasknet {

std::uint32_t BytesPerPixel(PixelFormat format) noexcept {
    switch (format) {
        case PixelFormat::Mono8:
        case PixelFormat::BayerRG8:
            return 1;
        case PixelFormat::Mono10:
        case PixelFormat::Mono12:
        case PixelFormat::Mono16:
            return 2;
        case PixelFormat::RGB8:
        case PixelFormat::BGR8:
            return 3;
    }
    return 0;
}

Image Image::Encoded(Buffer file) {
    Image image;
    image.buffer_ = std::move(file);
    return image;
}

Image Image::FromFile(const std::string& path) {
    return Encoded(Buffer::FromFile(path));
}

Image Image::Raw(Buffer pixels, PixelFormat format, std::uint32_t width, std::uint32_t height, std::uint32_t stride) {
    const RowLayout layout = CheckRows(pixels, format, width, height, stride, "image.raw");
    Image image;
    image.buffer_ = std::move(pixels);
    image.format_ = format;
    image.width_ = width;
    image.height_ = height;
    image.stride_ = static_cast<std::uint32_t>(layout.stride);
    return image;
}

}  // namespace ymasknet

#include "server/png_file.h"

#include <png.h>

#include <cstdio>
#include <memory>
#include <stdexcept>

namespace ymasknet::testing {
namespace {

using File = std::unique_ptr<std::FILE, int (*)(std::FILE*)>;

}  // namespace

GreyPixels ReadPng(const std::string& path) {
    const File file(std::fopen(path.c_str(), "rb"), std::fclose);
    png_structp png = png_create_read_struct(PNG_LIBPNG_VER_STRING, nullptr, nullptr, nullptr);
    png_infop info = png_create_info_struct(png);
    if (!file || setjmp(png_jmpbuf(png)) != 0)
        throw std::runtime_error(path + " can't be read.");

    png_init_io(png, file.get());
    png_read_png(png, info, PNG_TRANSFORM_SWAP_ENDIAN | PNG_TRANSFORM_EXPAND, nullptr);
    GreyPixels pixels;
    pixels.width = png_get_image_width(png, info);
    pixels.height = png_get_image_height(png, info);
    pixels.format = png_get_bit_depth(png, info) == 16 ? PixelFormat::Mono16 : PixelFormat::Mono8;
    if (png_get_color_type(png, info) != PNG_COLOR_TYPE_GRAY)
        throw std::runtime_error(path + " is not grey.");
    const std::size_t row_bytes = pixels.width * BytesPerPixel(pixels.format);
    for (std::uint32_t y = 0; y < pixels.height; ++y) {
        const png_bytep row = png_get_rows(png, info)[y];
        pixels.bytes.insert(pixels.bytes.end(), row, row + row_bytes);
    }
    png_destroy_read_struct(&png, &info, nullptr);
    return pixels;
}

void WritePng(const std::string& path, const GreyPixels& pixels) {
    png_image image = {};
    image.version = PNG_IMAGE_VERSION;
    image.width = pixels.width;
    image.height = pixels.height;
    image.format = PNG_FORMAT_GRAY;
    if (png_image_write_to_file(&image, path.c_str(), 0, pixels.bytes.data(), 0, nullptr) == 0)
        throw std::runtime_error(path + " can't be written.");
}

}  // namespace ymasknet::testing

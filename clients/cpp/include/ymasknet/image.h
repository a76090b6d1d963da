/// @file
/// Images to inspect.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "ymasknet/buffer.h"
#include "ymasknet/export.h"

namespace ymasknet {

/// Layout of a pixel, under its name and number in the GenICam Pixel Format Naming Convention (PFNC), so that a camera
/// SDK's value can be cast. Samples of 10, 12 and 16 bits are 16-bit little-endian words; the bits above 10 or 12 are
/// 0.
enum class PixelFormat : std::uint32_t {
    /// 8-bit grey, 1 byte per pixel.
    Mono8 = 0x01080001,
    /// 10-bit grey, 2 bytes per pixel. Range of a sample: 0 to 1023.
    Mono10 = 0x01100003,
    /// 12-bit grey, 2 bytes per pixel. Range of a sample: 0 to 4095.
    Mono12 = 0x01100005,
    /// 16-bit grey, 2 bytes per pixel.
    Mono16 = 0x01100007,
    /// 8-bit red, green, blue, 3 bytes per pixel.
    RGB8 = 0x02180014,
    /// 8-bit blue, green, red, 3 bytes per pixel.
    BGR8 = 0x02180015,
    /// 8-bit Bayer mosaic whose top-left cell is R G / G B, 1 byte per pixel. Width and height must be at least 2.
    BayerRG8 = 0x01080009,
};

/// Bytes of a pixel: 1, 2 or 3; 0 for a number that is none of the formats.
YMASKNET_EXPORT std::uint32_t BytesPerPixel(PixelFormat format) noexcept;

/// An image: a file's bytes or the pixels of a camera's buffer. A handle on its Buffer; whether pixels are copied is up
/// to that: **a view is copied once, memory with an owner never**. (The kernel copies what goes through a socket; TLS
/// and gzip write a transformed copy.)
class YMASKNET_EXPORT Image {
  public:
    /// The bytes of a JPEG, PNG, TIFF, WebP or BMP file. The server recognises the format by its signature.
    static Image Encoded(Buffer file);

    /// Reads such a file, now.
    /// @throws Error `FILE_UNREADABLE`.
    static Image FromFile(const std::string& path);

    /// Uncompressed pixels, row-major, top row first.
    ///
    /// Of a view only the rows' pixels are copied and sent: a part of a larger frame costs what the part has. Memory
    /// with an owner is sent as it lies, padding included.
    /// @param pixels From (height - 1) * stride bytes and one row without its padding up to height * stride bytes.
    /// @param format Layout of a pixel.
    /// @param width Unit: pixels. Range: at least 1.
    /// @param height Unit: pixels. Range: at least 1.
    /// @param stride Distance between the starts of two rows. Unit: bytes. Range: at least a row's bytes. Default 0:
    /// rows
    ///     follow each other without padding.
    /// @throws Error INVALID_ARGUMENT: `PIXEL_FORMAT_UNKNOWN`, `RAW_DIMENSIONS_OUT_OF_RANGE`, `RAW_STRIDE_TOO_SMALL`,
    ///     `RAW_SIZE_MISMATCH`.
    static Image Raw(Buffer pixels, PixelFormat format, std::uint32_t width, std::uint32_t height,
                     std::uint32_t stride = 0);

    /// Whether these are pixels, not a file.
    bool IsRaw() const noexcept { return width_ > 0; }

    /// The file or the pixels.
    const Buffer& buffer() const noexcept { return buffer_; }

    /// Layout of a pixel. Only of pixels.
    PixelFormat format() const noexcept { return format_; }

    /// Unit: pixels. 0 for a file.
    std::uint32_t width() const noexcept { return width_; }

    /// Unit: pixels. 0 for a file.
    std::uint32_t height() const noexcept { return height_; }

    /// Unit: bytes, padding included; never 0 for pixels.
    std::uint32_t stride() const noexcept { return stride_; }

  private:
    Image() = default;

    Buffer buffer_;
    PixelFormat format_ = PixelFormat::Mono8;
    std::uint32_t width_ = 0;
    std::uint32_t height_ = 0;
    std::uint32_t stride_ = 0;
};

}  // namespace ymasknet

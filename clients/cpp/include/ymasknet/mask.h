/// @file
/// Masks: which pixels belong to a defect or a region.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "ymasknet/export.h"
#include "ymasknet/geometry.h"

namespace ymasknet {

/// How much of the image a decoded mask covers.
enum class MaskExtent {
    /// The mask's own bounding rectangle.
    Bounds,
    /// The whole image.
    Image,
};

/// A decoded mask, one byte per pixel.
struct ByteMask {
    /// What part of the image it covers; empty for an empty mask within its bounds.
    PixelRectangle rectangle;
    /// rectangle.width * rectangle.height bytes, row-major, without padding: 0 outside the mask.
    std::vector<std::uint8_t> pixels;
};

/// A decoded mask, one bit per pixel.
struct BitMask {
    /// What part of the image it covers; empty for an empty mask within its bounds.
    PixelRectangle rectangle;
    /// Bytes of a row: rectangle.width bits, rounded up.
    std::size_t stride = 0;
    /// stride * rectangle.height bytes, row-major. The left-most pixel is a byte's highest bit, as in PBM and PNG; 1 is
    /// inside; the bits that pad a row are 0.
    std::vector<std::uint8_t> bits;
};

/// A set of pixels of an image, held as runs; its pixels are written where the caller wants them.
class YMASKNET_EXPORT Mask {
  public:
    /// Reads compressed COCO run lengths, as pycocotools writes them: columns from left to right, each from top to
    /// bottom, the first run counts pixels outside.
    /// @param size Size of the image.
    /// @param counts The delta-coded runs.
    /// @throws Error DATA_LOSS, `MASK_DAMAGED`: the runs can't be read or don't add up to the image.
    static Mask FromCocoRle(ImageSize size, std::string_view counts);

    /// A mask without pixels.
    /// @param size Size of the image.
    static Mask Empty(ImageSize size);

    /// Size of the image.
    ImageSize image_size() const noexcept { return size_; }

    /// Number of pixels in the mask. Unit: pixels.
    std::uint64_t area() const noexcept { return area_; }

    /// The smallest rectangle that holds the mask; empty (all 0) for an empty mask.
    PixelRectangle bounds() const noexcept { return bounds_; }

    /// Lengths of the runs, alternately outside and inside the mask, columns from left to right. Unit: pixels.
    const std::vector<std::uint32_t>& runs() const noexcept { return runs_; }

    /// Whether a pixel belongs to the mask; any numbers are allowed. Takes time proportional to the number of runs:
    /// decode the mask to ask for many pixels.
    bool Contains(std::uint32_t x, std::uint32_t y) const noexcept;

    /// The mask as bytes.
    /// @param extent What to cover. Default: the bounding rectangle.
    /// @param inside The value of pixels inside. Range: 1 to 255.
    ByteMask ToBytes(MaskExtent extent = MaskExtent::Bounds, std::uint8_t inside = 255) const;

    /// The mask as bits.
    /// @param extent What to cover. Default: the bounding rectangle.
    BitMask ToBits(MaskExtent extent = MaskExtent::Bounds) const;

    /// Writes a value wherever the mask is, and nothing elsewhere: paints into an image of the caller's without a copy.
    /// @param pixels The first byte of the pixel at (rectangle.x, rectangle.y).
    /// @param stride Distance between the starts of two rows. Unit: bytes.
    /// @param rectangle What part of the image `pixels` is; what is outside is not painted.
    /// @param value The value.
    void Paint(std::uint8_t* pixels, std::size_t stride, PixelRectangle rectangle, std::uint8_t value) const noexcept;

    friend bool operator==(const Mask& a, const Mask& b) noexcept { return a.size_ == b.size_ && a.runs_ == b.runs_; }
    friend bool operator!=(const Mask& a, const Mask& b) noexcept { return !(a == b); }

  private:
    Mask(ImageSize size, std::vector<std::uint32_t> runs);

    PixelRectangle Covered(MaskExtent extent) const noexcept;

    ImageSize size_;
    std::vector<std::uint32_t> runs_;
    std::uint64_t area_ = 0;
    PixelRectangle bounds_;
};

}  // namespace ymasknet

#include "ymasknet/mask.h"

#include <algorithm>
#include <cstring>
#include <limits>
#include <string>
#include <utility>

#include "failure.h"

namespace ymasknet {
namespace {

// A character carries 5 bits of a signed number, least significant first, and says whether more follow.
constexpr int kFirstCharacter = '0';
constexpr int kBitsPerCharacter = 5;
constexpr int kValueBits = 0x1f;
constexpr int kSignBit = 0x10;
constexpr int kContinuationBit = 0x20;
constexpr int kMostCharactersPerRun = 7;

Error Damaged(const std::string& what) {
    return Failure(StatusCode::DataLoss, "MASK_DAMAGED", "A mask can't be read: " + what + ".");
}

std::int64_t ReadSigned(std::string_view counts, std::size_t& position) {
    std::uint64_t value = 0;
    for (int shift = 0; shift < kMostCharactersPerRun * kBitsPerCharacter; shift += kBitsPerCharacter) {
        if (position == counts.size())
            throw Damaged("its counts end inside a run");

        const int bits = static_cast<unsigned char>(counts[position++]) - kFirstCharacter;
        if (bits < 0 || bits >= 2 * kContinuationBit)
            throw Damaged("there is a foreign character at position " + std::to_string(position - 1) +
                          " of its counts");

        value |= static_cast<std::uint64_t>(bits & kValueBits) << shift;
        if ((bits & kContinuationBit) == 0) {
            if ((bits & kSignBit) != 0)
                value |= ~std::uint64_t{0} << (shift + kBitsPerCharacter);
            return static_cast<std::int64_t>(value);
        }
    }
    throw Damaged("a run is longer than any image");
}

/// Calls `visit(x, top, bottom)` for each vertical stretch of the mask: column x, rows from top to before bottom.
template <class Visitor>
void ForEachStretch(const std::vector<std::uint32_t>& runs, std::uint32_t height, Visitor visit) {
    std::uint64_t position = 0;
    for (std::size_t i = 0; i < runs.size(); ++i) {
        const std::uint64_t end = position + runs[i];
        if (i % 2 == 1) {
            while (position < end) {
                const std::uint64_t column_start = position - position % height;
                const std::uint64_t stop = std::min(end, column_start + height);
                visit(static_cast<std::uint32_t>(column_start / height),
                      static_cast<std::uint32_t>(position - column_start),
                      static_cast<std::uint32_t>(stop - column_start));
                position = stop;
            }
        }
        position = end;
    }
}

}  // namespace

Mask::Mask(ImageSize size, std::vector<std::uint32_t> runs) : size_(size), runs_(std::move(runs)) {
    std::uint32_t left = std::numeric_limits<std::uint32_t>::max();
    std::uint32_t top = left;
    std::uint32_t right = 0;
    std::uint32_t bottom = 0;
    ForEachStretch(runs_, size_.height, [&](std::uint32_t x, std::uint32_t first, std::uint32_t end) {
        area_ += end - first;
        left = std::min(left, x);
        right = x + 1;
        top = std::min(top, first);
        bottom = std::max(bottom, end);
    });
    if (area_ > 0)
        bounds_ = {left, top, right - left, bottom - top};
}

Mask Mask::Empty(ImageSize size) {
    return Mask(size, {});
}

Mask Mask::FromCocoRle(ImageSize size, std::string_view counts) {
    const std::uint64_t pixel_count = std::uint64_t{size.width} * size.height;
    if (pixel_count > std::numeric_limits<std::uint32_t>::max())
        throw Damaged("its image of " + std::to_string(size.width) + " x " + std::to_string(size.height) +
                      " pixels is too large");

    std::vector<std::uint32_t> runs;
    std::uint64_t sum = 0;
    for (std::size_t position = 0; position < counts.size();) {
        std::int64_t run = ReadSigned(counts, position);
        if (runs.size() > 2)
            run += runs[runs.size() - 2];
        if (run < 0 || static_cast<std::uint64_t>(run) > pixel_count - sum)
            throw Damaged("run " + std::to_string(runs.size()) + " leaves its image");

        runs.push_back(static_cast<std::uint32_t>(run));
        sum += static_cast<std::uint64_t>(run);
    }
    if (sum != pixel_count)
        throw Damaged("its runs cover " + std::to_string(sum) + " pixels, its image has " +
                      std::to_string(pixel_count));
    return Mask(size, std::move(runs));
}

bool Mask::Contains(std::uint32_t x, std::uint32_t y) const noexcept {
    if (x >= size_.width || y >= size_.height)
        return false;

    const std::uint64_t position = std::uint64_t{x} * size_.height + y;
    std::uint64_t end = 0;
    for (std::size_t i = 0; i < runs_.size(); ++i) {
        end += runs_[i];
        if (position < end)
            return i % 2 == 1;
    }
    return false;
}

PixelRectangle Mask::Covered(MaskExtent extent) const noexcept {
    return extent == MaskExtent::Image ? PixelRectangle{0, 0, size_.width, size_.height} : bounds_;
}

ByteMask Mask::ToBytes(MaskExtent extent, std::uint8_t inside) const {
    ByteMask mask;
    mask.rectangle = Covered(extent);
    mask.pixels.resize(std::size_t{mask.rectangle.width} * mask.rectangle.height);
    Paint(mask.pixels.data(), mask.rectangle.width, mask.rectangle, inside);
    return mask;
}

BitMask Mask::ToBits(MaskExtent extent) const {
    BitMask mask;
    mask.rectangle = Covered(extent);
    mask.stride = (std::size_t{mask.rectangle.width} + 7) / 8;
    mask.bits.resize(mask.stride * mask.rectangle.height);
    ForEachStretch(runs_, size_.height, [&](std::uint32_t x, std::uint32_t first, std::uint32_t end) {
        const std::uint32_t column = x - mask.rectangle.x;
        const auto bit = static_cast<std::uint8_t>(0x80u >> column % 8);
        for (std::uint32_t y = first; y < end; ++y)
            mask.bits[(y - mask.rectangle.y) * mask.stride + column / 8] |= bit;
    });
    return mask;
}

void Mask::Paint(std::uint8_t* pixels, std::size_t stride, PixelRectangle rectangle,
                 std::uint8_t value) const noexcept {
    const std::uint64_t right = std::uint64_t{rectangle.x} + rectangle.width;
    const std::uint64_t bottom = std::uint64_t{rectangle.y} + rectangle.height;
    ForEachStretch(runs_, size_.height, [&](std::uint32_t x, std::uint32_t first, std::uint32_t end) {
        if (x < rectangle.x || x >= right)
            return;
        const auto stop = static_cast<std::uint32_t>(std::min<std::uint64_t>(end, bottom));
        for (std::uint32_t y = std::max(first, rectangle.y); y < stop; ++y)
            pixels[(y - rectangle.y) * stride + (x - rectangle.x)] = value;
    });
}

}  // namespace ymasknet

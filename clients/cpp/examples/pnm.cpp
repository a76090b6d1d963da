#include "pnm.h"

#include <cstddef>
#include <limits>
#include <stdexcept>
#include <string>

namespace {

constexpr std::uint32_t kHighestByte = 255;
constexpr std::uint32_t kHighestWord = 65535;

[[noreturn]] void Fail(const std::string& what) {
    throw std::runtime_error("not a PGM or PPM file that can be read: " + what);
}

bool IsSpace(std::uint8_t byte) {
    return byte == ' ' || (byte >= '\t' && byte <= '\r');
}

/// The header's words, one after the other.
class Header {
  public:
    explicit Header(const std::vector<std::uint8_t>& file) : file_(file) {}

    /// A whole number of the header and the space before it.
    std::uint32_t Number(const char* name) {
        SkipSpaceAndComments(name);
        std::uint64_t number = 0;
        const std::size_t start = position_;
        while (position_ < file_.size() && file_[position_] >= '0' && file_[position_] <= '9') {
            number = number * 10 + (file_[position_++] - static_cast<std::uint64_t>('0'));
            if (number > std::numeric_limits<std::uint32_t>::max())
                Fail(std::string("its ") + name + " is too large");
        }
        if (position_ == start)
            Fail(std::string("its ") + name + " is missing");
        return static_cast<std::uint32_t>(number);
    }

    /// Where the pixels begin: behind one space after the last number.
    std::size_t End() const {
        if (position_ >= file_.size() || !IsSpace(file_[position_]))
            Fail("its header has no end");
        return position_ + 1;
    }

  private:
    void SkipSpaceAndComments(const char* name) {
        const std::size_t start = position_;
        while (position_ < file_.size() && (IsSpace(file_[position_]) || file_[position_] == '#')) {
            if (file_[position_] == '#') {
                while (position_ < file_.size() && file_[position_] != '\n')
                    ++position_;
            } else {
                ++position_;
            }
        }
        if (position_ == start)
            Fail(std::string("there is no space before its ") + name);
    }

    const std::vector<std::uint8_t>& file_;
    std::size_t position_ = 2;
};

/// The format in which grey samples can stay as they are, or the next larger one.
ymasknet::PixelFormat GreyFormat(std::uint32_t highest) {
    switch (highest) {
        case 1023:
            return ymasknet::PixelFormat::Mono10;
        case 4095:
            return ymasknet::PixelFormat::Mono12;
        default:
            return highest <= kHighestByte ? ymasknet::PixelFormat::Mono8 : ymasknet::PixelFormat::Mono16;
    }
}

std::uint32_t HighestSample(ymasknet::PixelFormat format) {
    switch (format) {
        case ymasknet::PixelFormat::Mono10:
            return 1023;
        case ymasknet::PixelFormat::Mono12:
            return 4095;
        case ymasknet::PixelFormat::Mono16:
            return kHighestWord;
        default:
            return kHighestByte;
    }
}

}  // namespace

PnmImage DecodePnm(const std::vector<std::uint8_t>& file) {
    if (file.size() < 2 || file[0] != 'P' || (file[1] != '5' && file[1] != '6'))
        Fail("it does not begin with P5 or P6");

    const bool colour = file[1] == '6';
    Header header(file);
    PnmImage image = {};
    image.width = header.Number("width");
    image.height = header.Number("height");
    const std::uint32_t highest = header.Number("highest sample");
    if (image.width == 0 || image.height == 0)
        Fail("it has no pixels");
    if (highest == 0 || highest > kHighestWord)
        Fail("its highest sample is " + std::to_string(highest) + ", not 1 to 65535");

    const std::size_t start = header.End();
    const std::size_t sample_bytes = highest > kHighestByte ? 2 : 1;
    const std::uint64_t samples_per_row = std::uint64_t{image.width} * (colour ? 3 : 1);
    if (samples_per_row > (file.size() - start) / sample_bytes / image.height)
        Fail("it ends before its last pixel");

    image.format = colour ? ymasknet::PixelFormat::RGB8 : GreyFormat(highest);
    const std::uint32_t scaled_highest = HighestSample(image.format);
    const bool to_words = ymasknet::BytesPerPixel(image.format) == 2;
    const auto sample_count = static_cast<std::size_t>(samples_per_row * image.height);
    image.pixels.reserve(sample_count * (to_words ? 2 : 1));
    const std::uint8_t* bytes = file.data() + start;
    for (std::size_t i = 0; i < sample_count; ++i, bytes += sample_bytes) {
        // PNM's words have their high byte first.
        std::uint32_t sample = sample_bytes == 2 ? (std::uint32_t{bytes[0]} << 8) | bytes[1] : bytes[0];
        if (sample > highest)
            Fail("its sample " + std::to_string(sample) + " is above its highest, " + std::to_string(highest));
        if (highest != scaled_highest)
            sample = (sample * scaled_highest + highest / 2) / highest;
        image.pixels.push_back(static_cast<std::uint8_t>(sample));
        if (to_words)
            image.pixels.push_back(static_cast<std::uint8_t>(sample >> 8));
    }
    return image;
}

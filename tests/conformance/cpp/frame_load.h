// Many frames through one session.
#pragma once

#include <cstdint>
#include <string>

namespace ymasknet::conformance {

/// Where frames go, and of what.
struct FrameLoad {
    std::string address;
    std::string model;
    /// 8-bit grey pixels, row-major, without padding.
    std::string pixels;
    std::uint32_t width = 0;
    std::uint32_t height = 0;

    /// Prints a line of JSON with the resident memory when 10, 50 and 100 per cent of the frames are answered.
    void Soak(std::uint64_t frames) const;

    /// Prints a line of JSON with how many frames were answered a second, and the processor time.
    void Rate(std::uint64_t seconds) const;
};

}  // namespace ymasknet::conformance

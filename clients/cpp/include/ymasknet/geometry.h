/// @file
/// Geometry in image pixels.
///
/// The origin is the outer corner of the top-left pixel, x grows to the right, y downwards. The centre of the top-left
/// pixel is (0.5, 0.5), so an image of W x H pixels spans [0, W] x [0, H].
#pragma once

#include <cstdint>

namespace ymasknet {

/// An axis-parallel rectangle. Unit: image pixels.
struct Box {
    /// Left edge. Range: [0, image width] in answers.
    float x = 0;
    /// Top edge. Range: [0, image height] in answers.
    float y = 0;
    /// Horizontal extent. Range: > 0.
    float width = 0;
    /// Vertical extent. Range: > 0.
    float height = 0;
};

/// A point. Unit: image pixels.
struct Point {
    float x = 0;
    float y = 0;
};

/// Width and height of an image. Unit: pixels.
struct ImageSize {
    std::uint32_t width = 0;
    std::uint32_t height = 0;
};

/// A rectangle of whole pixels.
struct PixelRectangle {
    /// Column of its left-most pixel.
    std::uint32_t x = 0;
    /// Row of its top-most pixel.
    std::uint32_t y = 0;
    /// Unit: pixels.
    std::uint32_t width = 0;
    /// Unit: pixels.
    std::uint32_t height = 0;
};

inline bool operator==(const Box& a, const Box& b) noexcept {
    return a.x == b.x && a.y == b.y && a.width == b.width && a.height == b.height;
}
inline bool operator!=(const Box& a, const Box& b) noexcept {
    return !(a == b);
}

inline bool operator==(const Point& a, const Point& b) noexcept {
    return a.x == b.x && a.y == b.y;
}
inline bool operator!=(const Point& a, const Point& b) noexcept {
    return !(a == b);
}

inline bool operator==(const ImageSize& a, const ImageSize& b) noexcept {
    return a.width == b.width && a.height == b.height;
}
inline bool operator!=(const ImageSize& a, const ImageSize& b) noexcept {
    return !(a == b);
}

inline bool operator==(const PixelRectangle& a, const PixelRectangle& b) noexcept {
    return a.x == b.x && a.y == b.y && a.width == b.width && a.height == b.height;
}
inline bool operator!=(const PixelRectangle& a, const PixelRectangle& b) noexcept {
    return !(a == b);
}

}  // namespace ymasknet

// Memory that is about to be overwritten.
#pragma once

#include <cstddef>
#include <memory>

namespace ymasknet {

/// Bytes that nobody has set: zeroing an image's memory costs about as much as copying the image.
inline std::shared_ptr<std::byte[]> UninitialisedBytes(std::size_t size) {
    return std::shared_ptr<std::byte[]>(new std::byte[size]);
}

}  // namespace ymasknet

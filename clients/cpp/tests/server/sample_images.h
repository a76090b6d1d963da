// The repository's samples.
#pragma once

#include <string>

#include "server/png_file.h"
#include "ymasknet/image.h"

namespace ymasknet::testing {

/// A sample as the file that it is.
Image SampleFile(const std::string& name);

/// A sample's pixels.
GreyPixels SamplePixels(const std::string& name);

/// The four 8-bit samples as one board of 1280 x 1280 pixels, cut to a size.
GreyPixels SampleBoard(std::uint32_t width, std::uint32_t height);

}  // namespace ymasknet::testing

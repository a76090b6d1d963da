// The other direction of what the library reads.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace ymasknet::testing {

/// Lengths of runs of a row-major bitmap, columns from left to right, alternately outside and inside.
std::vector<std::uint32_t> RunsOf(const std::vector<bool>& pixels, std::uint32_t width, std::uint32_t height);

/// Runs as pycocotools writes them: each but the first three as the difference to the one before the last, 5 bits to a
/// character.
std::string WriteCounts(const std::vector<std::uint32_t>& runs);

}  // namespace ymasknet::testing

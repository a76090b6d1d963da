#include "units/run_length_writer.h"

namespace ymasknet::testing {

std::vector<std::uint32_t> RunsOf(const std::vector<bool>& pixels, std::uint32_t width, std::uint32_t height) {
    std::vector<std::uint32_t> runs = {0};
    bool inside = false;
    for (std::uint32_t x = 0; x < width; ++x) {
        for (std::uint32_t y = 0; y < height; ++y) {
            if (pixels[std::size_t{y} * width + x] != inside) {
                inside = !inside;
                runs.push_back(0);
            }
            ++runs.back();
        }
    }
    return runs;
}

std::string WriteCounts(const std::vector<std::uint32_t>& runs) {
    std::string counts;
    for (std::size_t i = 0; i < runs.size(); ++i) {
        std::int64_t value = i > 2 ? std::int64_t{runs[i]} - runs[i - 2] : runs[i];
        bool more = true;
        while (more) {
            int bits = static_cast<int>(value & 31);
            value >>= 5;
            more = (bits & 16) != 0 ? value != -1 : value != 0;
            counts += static_cast<char>('0' + bits + (more ? 32 : 0));
        }
    }
    return counts;
}

}  // namespace ymasknet::testing

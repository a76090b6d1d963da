#include "image_files.h"

#include <cstddef>
#include <cstdio>
#include <memory>
#include <stdexcept>
#include <utility>
#include <vector>

#include "pnm.h"

namespace {

constexpr std::pair<const char*, ymasknet::PixelFormat> kFormats[] = {
    {"Mono8", ymasknet::PixelFormat::Mono8},       {"Mono10", ymasknet::PixelFormat::Mono10},
    {"Mono12", ymasknet::PixelFormat::Mono12},     {"Mono16", ymasknet::PixelFormat::Mono16},
    {"RGB8", ymasknet::PixelFormat::RGB8},         {"BGR8", ymasknet::PixelFormat::BGR8},
    {"BayerRG8", ymasknet::PixelFormat::BayerRG8},
};

bool EndsWith(const std::string& text, const std::string& end) {
    return text.size() >= end.size() && text.compare(text.size() - end.size(), end.size(), end) == 0;
}

}  // namespace

ymasknet::Image ReadImage(const std::string& path) {
    if (!EndsWith(path, ".pgm") && !EndsWith(path, ".ppm") && !EndsWith(path, ".pnm"))
        return ymasknet::Image::FromFile(path);

    const ymasknet::Buffer file = ymasknet::Buffer::FromFile(path);
    const auto* bytes = reinterpret_cast<const std::uint8_t*>(file.data());
    PnmImage pnm = DecodePnm({bytes, bytes + file.size()});

    // The buffer keeps the pixels, and sends them from where they are.
    auto pixels = std::make_shared<std::vector<std::uint8_t>>(std::move(pnm.pixels));
    return ymasknet::Image::Raw(ymasknet::Buffer::Shared(std::move(pixels)), pnm.format, pnm.width, pnm.height);
}

ymasknet::Image ReadRawImage(const std::string& path, const std::string& form) {
    unsigned width = 0;
    unsigned height = 0;
    int name_at = 0;
    if (std::sscanf(form.c_str(), "%ux%u:%n", &width, &height, &name_at) == 2 && name_at > 0) {
        for (const auto& [name, format] : kFormats) {
            if (form.compare(static_cast<std::size_t>(name_at), std::string::npos, name) == 0)
                return ymasknet::Image::Raw(ymasknet::Buffer::FromFile(path), format, width, height);
        }
    }
    throw std::runtime_error("'" + form + "' is no form of raw pixels; write one like 2448x2048:Mono8");
}

#include "server/sample_images.h"

#include "server/server_process.h"

namespace ymasknet::testing {

Image SampleFile(const std::string& name) {
    return Image::FromFile(RepositoryFile("samples/" + name));
}

GreyPixels SamplePixels(const std::string& name) {
    return ReadPng(RepositoryFile("samples/" + name));
}

GreyPixels SampleBoard(std::uint32_t width, std::uint32_t height) {
    const GreyPixels quarters[] = {SamplePixels("bus-binary.png"), SamplePixels("plane-binary.png"),
                                   SamplePixels("connectors-binary.png"), SamplePixels("fine-pitch-binary.png")};
    GreyPixels board;
    board.width = width;
    board.height = height;
    board.bytes.resize(std::size_t{width} * height);
    for (std::uint32_t y = 0; y < height; ++y) {
        for (std::uint32_t x = 0; x < width; ++x) {
            const GreyPixels& quarter = quarters[y / 640 * 2 + x / 640];
            board.bytes[std::size_t{y} * width + x] = quarter.bytes[std::size_t{y % 640} * 640 + x % 640];
        }
    }
    return board;
}

}  // namespace ymasknet::testing

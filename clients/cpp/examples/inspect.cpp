// Inspects images and prints what was found, one defect a line.
//
//     inspect http://127.0.0.1:5080 samples/bus-binary.png frame.pgm
//     inspect unix:///run/ymasknet/server.sock --raw 2448x2048:Mono8 frame.raw
#include <cstdio>
#include <exception>
#include <string>
#include <vector>

#include "image_files.h"
#include "ymasknet/ymasknet.h"

namespace {

void Print(const std::string& path, const ymasknet::InspectionResult& answer) {
    std::printf("%s: %zu defects by %s/%s in %.1f ms\n", path.c_str(), answer.defects.size(), answer.model.name.c_str(),
                answer.model.version.c_str(), static_cast<double>(answer.execution.times.total));
    for (const ymasknet::Defect& defect : answer.defects) {
        std::printf("  %-10s %.2f at (%.1f, %.1f), %.1f x %.1f, %llu pixels\n", defect.class_name.c_str(),
                    static_cast<double>(defect.score), static_cast<double>(defect.box.x),
                    static_cast<double>(defect.box.y), static_cast<double>(defect.box.width),
                    static_cast<double>(defect.box.height), static_cast<unsigned long long>(defect.area));
    }
}

}  // namespace

int main(int argc, char** argv) {
    std::vector<std::string> arguments(argv + 1, argv + argc);
    std::string raw_form;
    if (arguments.size() >= 3 && arguments[1] == "--raw") {
        raw_form = arguments[2];
        arguments.erase(arguments.begin() + 1, arguments.begin() + 3);
    }
    if (arguments.size() < 2) {
        std::fprintf(stderr, "usage: inspect ADDRESS [--raw WIDTHxHEIGHT:FORMAT] IMAGE...\n");
        return 2;
    }

    try {
        const ymasknet::Client client(arguments[0]);
        for (std::size_t i = 1; i < arguments.size(); ++i) {
            const std::string& path = arguments[i];
            Print(path, client.DetectAndSegment(raw_form.empty() ? ReadImage(path) : ReadRawImage(path, raw_form)));
        }
        return 0;
    } catch (const std::exception& failure) {
        std::fprintf(stderr, "inspect: %s\n", failure.what());
        return 1;
    }
}

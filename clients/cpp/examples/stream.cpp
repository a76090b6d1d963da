// Sends images as a camera would, over and over, and prints a verdict for each frame.
//
//     stream http://127.0.0.1:5080 --frames 200 samples/bus-binary.png samples/plane-binary.png
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <functional>
#include <string>
#include <thread>
#include <vector>

#include "image_files.h"
#include "ymasknet/ymasknet.h"

namespace {

/// The camera's side: sends as fast as the server takes frames.
void SendFrames(ymasknet::Session& session, const std::vector<ymasknet::Image>& images, std::uint64_t frames) noexcept {
    try {
        for (std::uint64_t id = 0; id < frames; ++id)
            session.Send(ymasknet::Frame(id, images[id % images.size()]));
        session.Close();
    } catch (const std::exception& failure) {
        // The receiving side learns the reason of a failed session by itself; of anything else it would not.
        std::fprintf(stderr, "stream: sending ended: %s\n", failure.what());
        session.Cancel();
    }
}

void Print(const ymasknet::FrameResult& result) {
    std::printf("frame %llu: %s", static_cast<unsigned long long>(result.frame_id),
                ymasknet::Name(result.verdict).data());
    for (const std::uint32_t place : result.rejecting)
        std::printf(" %s %.2f", result.defects[place].class_name.c_str(),
                    static_cast<double>(result.defects[place].score));
    if (result.error)
        std::printf(" %s", result.error->what());
    std::printf("\n");
}

}  // namespace

int main(int argc, char** argv) {
    std::vector<std::string> arguments(argv + 1, argv + argc);
    std::uint64_t frames = 100;
    if (arguments.size() >= 3 && arguments[1] == "--frames") {
        frames = std::strtoull(arguments[2].c_str(), nullptr, 10);
        arguments.erase(arguments.begin() + 1, arguments.begin() + 3);
    }
    if (arguments.size() < 2) {
        std::fprintf(stderr, "usage: stream ADDRESS [--frames NUMBER] IMAGE...\n");
        return 2;
    }

    try {
        std::vector<ymasknet::Image> images;
        for (std::size_t i = 1; i < arguments.size(); ++i)
            images.push_back(ReadImage(arguments[i]));

        const ymasknet::Client client(arguments[0]);
        ymasknet::Session session = client.OpenSession(ymasknet::SessionOptions(ymasknet::Task::DetectAndSegment));
        std::thread camera(SendFrames, std::ref(session), std::cref(images), frames);
        try {
            while (const auto result = session.Receive())
                Print(*result);
        } catch (...) {
            session.Cancel();
            camera.join();
            throw;
        }
        camera.join();
        return 0;
    } catch (const std::exception& failure) {
        std::fprintf(stderr, "stream: %s\n", failure.what());
        return 1;
    }
}

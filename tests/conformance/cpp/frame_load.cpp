#include "frame_load.h"

#include <chrono>
#include <cstdio>
#include <ctime>
#include <fstream>
#include <functional>
#include <stdexcept>
#include <thread>

#include "ymasknet/ymasknet.h"

namespace ymasknet::conformance {
namespace {

using Clock = std::chrono::steady_clock;

double SecondsSince(Clock::time_point begun) {
    return std::chrono::duration<double>(Clock::now() - begun).count();
}

long ResidentKib() {
    std::ifstream status("/proc/self/status");
    std::string word;
    long number = 0;
    while (status >> word) {
        if (word == "VmRSS:" && status >> number)
            return number;
    }
    throw std::runtime_error("/proc/self/status has no VmRSS.");
}

/// Sends frames as long as `goes_on` says, and takes their answers.
void Inspect(const FrameLoad& load, const std::function<bool(std::uint64_t)>& goes_on,
             const std::function<void(const FrameResult&)>& take) {
    const Client client(load.address);
    SessionOptions options(Task::DetectAndSegment);
    options.inspection.model = load.model;
    Session session = client.OpenSession(options);
    const Image image =
        Image::Raw(Buffer(load.pixels.data(), load.pixels.size()), PixelFormat::Mono8, load.width, load.height);
    std::thread sending([&] {
        try {
            for (std::uint64_t id = 0; goes_on(id); ++id)
                session.Send(Frame(id, image));
            session.Close();
        } catch (const Error&) {
            // Receiving throws it too.
        }
    });
    try {
        while (const auto result = session.Receive())
            take(*result);
    } catch (...) {
        session.Cancel();
        sending.join();
        throw;
    }
    sending.join();
}

}  // namespace

void FrameLoad::Soak(std::uint64_t frames) const {
    const Clock::time_point begun = Clock::now();
    std::uint64_t answered = 0;
    std::string marks;
    Inspect(
        *this, [&](std::uint64_t id) { return id < frames; },
        [&](const FrameResult& result) {
            if (result.frame_id != answered || result.error)
                throw std::runtime_error("Frame " + std::to_string(answered) + " was not answered well.");
            ++answered;
            for (const std::uint64_t mark : {10u, 50u, 100u}) {
                if (answered == frames * mark / 100)
                    marks +=
                        (marks.empty() ? "\"" : ", \"") + std::to_string(mark) + "\": " + std::to_string(ResidentKib());
            }
        });
    std::printf("{\"frames\": %llu, \"seconds\": %f, \"resident_kib\": {%s}}\n",
                static_cast<unsigned long long>(frames), SecondsSince(begun), marks.c_str());
}

void FrameLoad::Rate(std::uint64_t seconds) const {
    const Clock::time_point begun = Clock::now();
    const std::clock_t busy = std::clock();
    std::uint64_t answered = 0;
    Inspect(
        *this, [&](std::uint64_t) { return SecondsSince(begun) < static_cast<double>(seconds); },
        [&](const FrameResult&) { ++answered; });
    const double taken = SecondsSince(begun);
    const double cpu_seconds = static_cast<double>(std::clock() - busy) / CLOCKS_PER_SEC;
    std::printf("{\"frames\": %llu, \"seconds\": %f, \"per_second\": %f, \"cpu_seconds\": %f}\n",
                static_cast<unsigned long long>(answered), taken, static_cast<double>(answered) / taken, cpu_seconds);
}

}  // namespace ymasknet::conformance

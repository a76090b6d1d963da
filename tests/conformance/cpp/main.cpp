// Runs the cases of a file with the C++ client and prints a line of JSON for each; or sends many frames.
#include <cstdio>
#include <exception>
#include <string>
#include <vector>

#include "cases.h"
#include "frame_load.h"
#include "json.h"

namespace {

using namespace ymasknet::conformance;

void RunCases(const std::string& file) {
    const google::protobuf::Value document = Json::Read(file);
    const Json suite(document);
    CaseRunner runner(suite["images"]);
    for (const Json& item : suite["cases"].Elements()) {
        const std::string name = item["name"].Text();
        std::string line;
        try {
            line = Outcome(name, runner.Run(item));
        } catch (const std::exception& error) {
            line = Crash(name, error.what());
        }
        std::printf("%s\n", line.c_str());
        std::fflush(stdout);
    }
}

std::uint32_t Pixels(const std::string& text) {
    return static_cast<std::uint32_t>(std::stoul(text));
}

}  // namespace

int main(int count, char** values) {
    const std::vector<std::string> arguments(values + 1, values + count);
    try {
        if (arguments.size() == 2 && arguments[0] == "cases") {
            RunCases(arguments[1]);
            return 0;
        }
        if (arguments.size() == 7) {
            const FrameLoad load = {arguments[1], arguments[2], ReadFile(arguments[3]), Pixels(arguments[4]),
                                    Pixels(arguments[5])};
            if (arguments[0] == "soak") {
                load.Soak(std::stoull(arguments[6]));
                return 0;
            }
            if (arguments[0] == "rate") {
                load.Rate(std::stoull(arguments[6]));
                return 0;
            }
        }
    } catch (const std::exception& error) {
        std::fprintf(stderr, "ymasknet_conformance: %s\n", error.what());
        return 1;
    }
    std::fprintf(stderr,
                 "usage: ymasknet_conformance cases FILE\n"
                 "       ymasknet_conformance soak ADDRESS MODEL PIXELS WIDTH HEIGHT FRAMES\n"
                 "       ymasknet_conformance rate ADDRESS MODEL PIXELS WIDTH HEIGHT SECONDS\n");
    return 2;
}

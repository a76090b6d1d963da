#include "server/server_process.h"

#include <gtest/gtest.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <stdexcept>

namespace ymasknet::testing {
namespace {

constexpr std::chrono::seconds kPatience(120);
constexpr char kReady[] = " on http";

std::string TemporaryFolder() {
    std::string name = (std::filesystem::temp_directory_path() / "ymasknet-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr)
        throw std::runtime_error("There is no folder for temporary files.");
    return name;
}

/// Started before the first test, and before gRPC, whose threads a fork would not take along; stopped after the last.
class SharedServerEnvironment : public ::testing::Environment {
  public:
    void SetUp() override {
        server = std::make_unique<ServerProcess>(std::vector<std::string>());
        client = std::make_unique<Client>(server->address());
    }
    void TearDown() override {
        client.reset();
        server.reset();
    }

    std::unique_ptr<ServerProcess> server;
    std::unique_ptr<Client> client;
};

// gtest deletes it.
auto* const shared =
    static_cast<SharedServerEnvironment*>(::testing::AddGlobalTestEnvironment(new SharedServerEnvironment));

}  // namespace

std::string RepositoryFile(const std::string& path) {
    return std::string(YMASKNET_REPOSITORY) + "/" + path;
}

ServerProcess::ServerProcess(const std::vector<std::string>& settings) : folder_(TemporaryFolder()) {
    Start(settings);
    ReadAddress();
}

ServerProcess::~ServerProcess() {
    ::kill(process_, SIGTERM);
    ::waitpid(process_, nullptr, 0);
    ::close(output_);
    std::filesystem::remove_all(folder_);
}

void ServerProcess::Start(const std::vector<std::string>& settings) {
    std::vector<std::string> arguments = {"dotnet",
                                          RepositoryFile("src/Server/bin/Release/net10.0/YMaskNet.Server.dll"),
                                          "--address",
                                          "http://127.0.0.1:0",
                                          "--unix-socket",
                                          folder_ + "/server.sock",
                                          "--models",
                                          RepositoryFile("models"),
                                          "--Logging:Console:LogLevel:Default=None"};
    arguments.insert(arguments.end(), settings.begin(), settings.end());
    std::vector<char*> pointers;
    for (std::string& argument : arguments)
        pointers.push_back(argument.data());
    pointers.push_back(nullptr);

    int ends[2];
    if (::pipe(ends) != 0)
        throw std::runtime_error("There is no pipe for the server's output.");
    const pid_t parent = ::getpid();
    process_ = ::fork();
    if (process_ == 0) {
        // A test that crashes takes its server along.
        ::prctl(PR_SET_PDEATHSIG, SIGTERM);
        if (::getppid() != parent)
            ::_exit(1);
        ::dup2(ends[1], STDOUT_FILENO);
        ::close(ends[0]);
        ::close(ends[1]);
        ::execvp(pointers[0], pointers.data());
        ::_exit(127);
    }
    ::close(ends[1]);
    output_ = ends[0];
    if (process_ < 0)
        throw std::runtime_error("The server can't be started.");
}

void ServerProcess::ReadAddress() {
    const auto patience = std::chrono::steady_clock::now() + kPatience;
    std::string line;
    while (line.empty() || line.back() != '\n') {
        pollfd state = {output_, POLLIN, 0};
        char character = 0;
        if (std::chrono::steady_clock::now() > patience)
            throw std::runtime_error("The server was not ready in time: " + line);
        if (::poll(&state, 1, 1000) > 0) {
            if (::read(output_, &character, 1) != 1)
                throw std::runtime_error("The server ended; its standard error says why. Is it built?");
            line += character;
        }
    }

    // ymasknet: serving pcb-ymasknet/1 (...) on http://127.0.0.1:41234, unix:/tmp/...
    const std::size_t place = line.find(kReady);
    if (place == std::string::npos)
        throw std::runtime_error("The server did not say where it listens: " + line);
    const std::size_t start = line.find("http", place);
    address_ = line.substr(start, line.find_first_of(", \n", start) - start);
}

const ServerProcess& SharedServer() {
    return *shared->server;
}

const Client& SharedClient() {
    return *shared->client;
}

}  // namespace ymasknet::testing

#include "scripted/silent_server.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <stdexcept>

namespace ymasknet::testing {
namespace {

constexpr int kPollMilliseconds = 20;

// An empty SETTINGS frame, with which a server's side of HTTP/2 begins.
constexpr std::array<unsigned char, 9> kSettings = {0, 0, 0, 4, 0, 0, 0, 0, 0};

bool HasInput(int socket) {
    pollfd state = {socket, POLLIN, 0};
    return ::poll(&state, 1, kPollMilliseconds) > 0;
}

}  // namespace

SilentServer::SilentServer() : listener_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address = {};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t length = sizeof address;
    auto* any = reinterpret_cast<sockaddr*>(&address);
    if (listener_ < 0 || ::bind(listener_, any, length) != 0 || ::listen(listener_, 1) != 0 ||
        ::getsockname(listener_, any, &length) != 0)
        throw std::runtime_error("The silent server can't listen.");
    port_ = ntohs(address.sin_port);
    thread_ = std::thread([this] { Listen(); });
}

SilentServer::~SilentServer() {
    stopping_ = true;
    thread_.join();
    ::close(listener_);
}

void SilentServer::Listen() {
    while (!stopping_ && !HasInput(listener_)) {
    }
    if (stopping_)
        return;

    const int connection = ::accept(listener_, nullptr, nullptr);
    bool open = ::write(connection, kSettings.data(), kSettings.size()) == static_cast<ssize_t>(kSettings.size());
    std::array<char, 65536> bytes = {};
    while (!stopping_ && open) {
        if (!HasInput(connection))
            continue;
        const ssize_t count = ::read(connection, bytes.data(), bytes.size());
        open = count > 0;
        if (open)
            received_ += static_cast<std::size_t>(count);
    }
    ::close(connection);
}

}  // namespace ymasknet::testing

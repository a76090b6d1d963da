// The built server as a process of its own.
#pragma once

#include <sys/types.h>

#include <memory>
#include <string>
#include <vector>

#include "ymasknet/client.h"

namespace ymasknet::testing {

/// Path of a file of the repository.
std::string RepositoryFile(const std::string& path);

/// A server with the shipped models, on a free port and on a Unix socket.
class ServerProcess {
  public:
    /// Starts it and waits until it serves.
    /// @param settings More of the server's command line.
    explicit ServerProcess(const std::vector<std::string>& settings);

    /// Stops it as an operator does.
    ~ServerProcess();

    ServerProcess(const ServerProcess&) = delete;
    ServerProcess& operator=(const ServerProcess&) = delete;

    /// `http://127.0.0.1:port`, or `https://` where the settings say so.
    const std::string& address() const noexcept { return address_; }

    /// `unix:///path`.
    std::string socket_address() const { return "unix://" + folder_ + "/server.sock"; }

  private:
    void Start(const std::vector<std::string>& settings);
    void ReadAddress();

    std::string folder_;
    std::string address_;
    pid_t process_ = -1;
    int output_ = -1;
};

/// The server that most tests share, with its default settings.
const ServerProcess& SharedServer();

/// A client of the shared server, for tests that need none of their own.
const Client& SharedClient();

}  // namespace ymasknet::testing

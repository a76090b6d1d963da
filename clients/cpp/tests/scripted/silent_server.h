// A server that takes connections and says nothing.
#pragma once

#include <atomic>
#include <cstddef>
#include <string>
#include <thread>

namespace ymasknet::testing {

/// Accepts one connection, greets as HTTP/2 asks, and from then on reads and never answers: what a server looks like
/// whose process hangs.
class SilentServer {
  public:
    SilentServer();
    ~SilentServer();

    std::string address() const { return "http://127.0.0.1:" + std::to_string(port_); }

    /// Bytes that have come.
    std::size_t received() const noexcept { return received_; }

  private:
    void Listen();

    int listener_;
    int port_ = 0;
    std::atomic<std::size_t> received_{0};
    std::atomic<bool> stopping_{false};
    std::thread thread_;
};

}  // namespace ymasknet::testing

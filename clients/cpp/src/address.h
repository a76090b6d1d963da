// Addresses of servers.
#pragma once

#include <string>

namespace ymasknet {

/// Where a server is, in gRPC's terms.
struct Address {
    /// gRPC's name of the target, for example `dns:///localhost:5080`.
    std::string target;
    bool tls = false;
    bool unix_socket = false;
};

/// Reads `http://host:port`, `https://host:port`, `unix:///absolute/path` or `unix:path`.
/// @throws Error `ADDRESS_INVALID`.
Address ParseAddress(const std::string& text);

}  // namespace ymasknet

#include "address.h"

#include <cctype>
#include <string_view>

#include "failure.h"

namespace ymasknet {
namespace {

// Of 108 bytes the last is the terminating zero.
constexpr std::size_t kMostPathBytes = 107;
constexpr unsigned kHighestPort = 65535;
constexpr std::string_view kForms = "http://host:port, https://host:port, unix:///absolute/path or unix:path";

Error Invalid(const std::string& text, const std::string& why) {
    return Failure(StatusCode::InvalidArgument, "ADDRESS_INVALID",
                   "'" + text + "' " + why + "; write " + std::string(kForms) + ".");
}

bool Consume(std::string_view& text, std::string_view prefix) {
    if (text.substr(0, prefix.size()) != prefix)
        return false;
    text.remove_prefix(prefix.size());
    return true;
}

/// gRPC unescapes targets; a path is meant as it is written.
std::string Escape(std::string_view path) {
    constexpr std::string_view kHexadecimal = "0123456789ABCDEF";
    std::string escaped;
    for (const char character : path) {
        const auto byte = static_cast<unsigned char>(character);
        if (std::isalnum(byte) != 0 || std::string_view("/-._~").find(character) != std::string_view::npos) {
            escaped += character;
        } else {
            escaped += '%';
            escaped += kHexadecimal[byte >> 4];
            escaped += kHexadecimal[byte & 0xf];
        }
    }
    return escaped;
}

Address ParseSocket(const std::string& text, std::string_view path) {
    if (Consume(path, "//") && (path.empty() || path.front() != '/'))
        throw Invalid(text, "names a host");
    if (path.empty())
        throw Invalid(text, "has no path");
    if (path.size() > kMostPathBytes) {
        throw Invalid(text, "has a path of " + std::to_string(path.size()) + " bytes, a Unix socket's has at most " +
                                std::to_string(kMostPathBytes));
    }
    return {"unix:" + Escape(path), false, true};
}

bool IsPort(std::string_view text) {
    unsigned port = 0;
    for (const char digit : text) {
        if (digit < '0' || digit > '9' || port > kHighestPort)
            return false;
        port = port * 10 + static_cast<unsigned>(digit - '0');
    }
    return !text.empty() && port >= 1 && port <= kHighestPort;
}

Address ParseHost(const std::string& text, std::string_view authority, bool tls) {
    if (!authority.empty() && authority.back() == '/')
        authority.remove_suffix(1);
    if (authority.find_first_of("/?#@ ") != std::string_view::npos)
        throw Invalid(text, "has more than a host and a port");

    const std::size_t colon = authority.rfind(':');
    if (colon == std::string_view::npos || !IsPort(authority.substr(colon + 1)))
        throw Invalid(text, "has no port from 1 to 65535");
    const std::string_view host = authority.substr(0, colon);
    const bool bracketed = host.size() > 2 && host.front() == '[' && host.back() == ']';
    if (host.empty() || (!bracketed && host.find_first_of(":[]") != std::string_view::npos))
        throw Invalid(text, "has no host");
    return {"dns:///" + std::string(authority), tls, false};
}

}  // namespace

Address ParseAddress(const std::string& text) {
    std::string_view rest = text;
    if (Consume(rest, "unix:"))
        return ParseSocket(text, rest);
    if (Consume(rest, "http://"))
        return ParseHost(text, rest, false);
    if (Consume(rest, "https://"))
        return ParseHost(text, rest, true);
    throw Invalid(text, "is no address of a server");
}

}  // namespace ymasknet

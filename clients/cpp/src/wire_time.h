// Times of the wire contract.
#pragma once

#include <google/protobuf/duration.pb.h>
#include <google/protobuf/timestamp.pb.h>

#include <chrono>

namespace ymasknet {

/// Writes a moment. Seconds are rounded down, so that nanoseconds are positive also before 1970.
inline void SetTime(std::chrono::system_clock::time_point time, google::protobuf::Timestamp& message) {
    const auto seconds = std::chrono::floor<std::chrono::seconds>(time);
    message.set_seconds(seconds.time_since_epoch().count());
    message.set_nanos(static_cast<std::int32_t>(std::chrono::nanoseconds(time - seconds).count()));
}

/// Writes a length of time. Both parts have its sign.
inline void SetDuration(std::chrono::microseconds duration, google::protobuf::Duration& message) {
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(duration);
    message.set_seconds(seconds.count());
    message.set_nanos(static_cast<std::int32_t>(std::chrono::nanoseconds(duration - seconds).count()));
}

/// Reads a moment.
inline std::chrono::system_clock::time_point ToTime(const google::protobuf::Timestamp& message) {
    return std::chrono::system_clock::time_point(std::chrono::duration_cast<std::chrono::system_clock::duration>(
        std::chrono::seconds(message.seconds()) + std::chrono::nanoseconds(message.nanos())));
}

}  // namespace ymasknet

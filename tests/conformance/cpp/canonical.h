// Answers as lines of text that hold all that a client gives, to the bit, but for the times.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "ymasknet/ymasknet.h"

namespace ymasknet::conformance {

using Lines = std::vector<std::string>;

Lines Canonical(const InspectionResult& result);
Lines Canonical(const SegmentationResult& result);
Lines Canonical(const BoardResult& result);
Lines Canonical(const FrameResult& result);
Lines Canonical(const Model& model);

/// Lines of a session's opening.
Lines Opened(const ModelReference& model, std::uint32_t in_flight);

/// The line of a failure. Without a reason the message is gRPC's own, and each library's another.
std::string Canonical(const Error& error);

/// Appends lines.
void Append(Lines& lines, const Lines& more);

}  // namespace ymasknet::conformance

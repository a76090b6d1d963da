/// @file
/// Frames of a session, and what the server says of them.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "ymasknet/error.h"
#include "ymasknet/image.h"
#include "ymasknet/options.h"
#include "ymasknet/results.h"

namespace ymasknet {

/// One frame of a session.
struct Frame {
    /// A frame with an id and an image; the rest is optional.
    Frame(std::uint64_t frame_id, Image frame_image) : id(frame_id), image(std::move(frame_image)) {}

    /// The caller's id, given back with the result. Any value; ids need not be unique.
    std::uint64_t id;
    /// The image.
    Image image;
    /// For Task::Segment with an instance model: the boxes to outline.
    std::vector<RegionOfInterest> rois;
    /// When the picture was taken, by any clock; given back with the result. Whole nanoseconds.
    std::optional<std::chrono::system_clock::time_point> capture_time;
    /// The part that is seen, for example its serial number; given back with the result. At most 256 bytes in UTF-8.
    std::string part_id;
    /// When nobody needs the verdict any more, by the server's clock (Session::server_time). A frame whose inspection
    /// has not begun by then is answered with Verdict::Late.
    std::optional<std::chrono::system_clock::time_point> deadline;
    /// The same, from the moment at which the server reads the frame. At most one of the two may be set. Range: >= 0.
    std::optional<std::chrono::microseconds> time_limit;
};

/// Judgement of one frame.
enum class Verdict {
    /// Inspected; nothing found that the recipe fails.
    Pass = 1,
    /// Inspected; something found that the recipe fails.
    Fail = 2,
    /// Not inspected, or its answer could not be sent; FrameResult::error says why. The session goes on.
    Error = 3,
    /// Not inspected: its deadline passed before its inspection began.
    Late = 4,
    /// Not inspected: a later frame took its place, as the session's policy says.
    Dropped = 5,
};

/// The verdict's name on the wire, for example `PASS`.
YMASKNET_EXPORT std::string_view Name(Verdict verdict) noexcept;

/// Answer to one frame.
struct FrameResult {
    /// The caller's id.
    std::uint64_t frame_id = 0;
    /// The judgement.
    Verdict verdict = Verdict::Error;
    /// Highest score first; with Task::Segment one for each region of interest, in their order.
    std::vector<Defect> defects;
    /// Task::Segment with a semantic model.
    std::vector<Region> regions;
    /// With Verdict::Fail: what failed the frame, as places in `defects`, or in `regions` for a semantic model.
    /// Ascending.
    std::vector<std::uint32_t> rejecting;
    /// Size of the inspected image. With Verdict::Pass and Verdict::Fail.
    std::optional<ImageSize> image_size;
    /// What ran. With Verdict::Pass and Verdict::Fail.
    std::optional<Execution> execution;
    /// With Verdict::Error: what a single call would have thrown.
    std::optional<Error> error;
    /// The caller's, if the frame had one.
    std::optional<std::chrono::system_clock::time_point> capture_time;
    /// The caller's.
    std::string part_id;
};

}  // namespace ymasknet

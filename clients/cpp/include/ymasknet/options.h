/// @file
/// What to inspect with, and how to call.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "ymasknet/cancellation.h"
#include "ymasknet/geometry.h"

namespace ymasknet {

/// What to do with an image.
enum class Task {
    /// The first stage alone: boxes, classes, scores, no masks.
    Detect = 1,
    /// Outlines the caller's boxes, or with a semantic model segments the whole image.
    Segment = 2,
    /// Both stages: finds defects, refines and outlines them.
    DetectAndSegment = 3,
};

/// What to inspect with and what to return. A value that is not set is the model's own.
struct InspectionOptions {
    /// `name` (the highest version) or `name/version`. Default: empty, the server's default model.
    std::string model;
    /// Defects below this score are left out. Range: [0, 1]. Not used by Client::Segment; refused in sessions and
    /// boards with Task::Segment, as the next two are.
    std::optional<float> min_score;
    /// Of two boxes of one class whose intersection over union is above this, the lower-scoring one is suppressed.
    /// Range: [0, 1].
    std::optional<float> nms_iou_threshold;
    /// At most this many defects, the highest-scoring first. Range: 1 to the model's maximal RoI count; of boards, 1 to
    /// 10,000.
    std::optional<std::uint32_t> max_defects;
    /// Whether to return masks, or boxes and areas alone. Not used by Detect, which makes none.
    bool masks = true;
    /// Semantic models under Client::Segment: return the class map too. Not used in sessions and boards.
    bool class_map = false;
    /// Semantic models under Client::Segment: smaller regions become background. Unit: pixels. Range: at least 1. Not
    /// used in sessions and boards.
    std::optional<std::uint32_t> min_region_area;
};

/// A box in which to outline something.
struct RegionOfInterest {
    /// Finite, with positive width and height, and overlapping the image; the part outside is cut off.
    Box box;
    /// Class whose mask to take, by name. Default: empty, the mask head's best class that is not background.
    std::string class_name;
};

/// Which failed calls are made again, and when.
///
/// A call is made again after UNAVAILABLE, and after any status whose answer says when to come again
/// (google.rpc.RetryInfo: a full queue, no place for a board). The wait is what the server says, or else initial_delay,
/// multiplied with every attempt; up to a fifth is added at random so that callers don't come back all at once. A wait
/// that would outlast the deadline is not begun: the failure is thrown at once. Every call of this library may be made
/// twice: inspecting changes nothing on the server.
struct RetryPolicy {
    /// Range: at least 1; 1 makes no call again.
    std::uint32_t max_attempts = 4;
    /// Wait before the second attempt.
    std::chrono::milliseconds initial_delay{50};
    /// By what the wait grows. Range: at least 1.
    double multiplier = 3;
    /// Longest wait that the policy itself chooses; what the server says is not bounded by it.
    std::chrono::milliseconds max_delay{2000};
};

/// How to make one call.
struct CallOptions {
    /// Deadline, from now on, over all attempts; sent to the server, which stops working when it has passed. Default:
    /// the client's.
    std::optional<std::chrono::milliseconds> timeout;
    /// Default: the client's.
    std::optional<RetryPolicy> retry;
    /// Ends the call from another thread.
    std::optional<Cancellation> cancellation;
};

}  // namespace ymasknet

/// @file
/// What an inspection finds, and what made the answer.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "ymasknet/geometry.h"
#include "ymasknet/mask.h"

namespace ymasknet {

/// One defect: what it is, how sure the model is, and where.
struct Defect {
    /// Name of the class, from the model's list.
    std::string class_name;
    /// Index of the class in the model's list.
    std::uint32_t class_id = 0;
    /// Confidence. Range: [0, 1].
    float score = 0;
    /// Bounding box, clipped to the image.
    Box box;
    /// Pixels of the mask. Unit: pixels. 0 for Detect, which makes no masks; counted also where masks were not asked
    /// for.
    std::uint64_t area = 0;
    /// Outline. Not set for Detect and where masks were not asked for.
    std::optional<Mask> mask;
};

/// A connected part (8-neighbourhood) of one class in a semantic segmentation.
struct Region {
    /// Name of the class, from the model's list.
    std::string class_name;
    /// Index of the class in the model's list.
    std::uint32_t class_id = 0;
    /// Unit: pixels. Range: at least 1.
    std::uint64_t area = 0;
    /// Tight bounding box.
    Box box;
    /// Mean of the pixel centres.
    Point centroid;
    /// The region's pixels. Not set where masks were not asked for.
    std::optional<Mask> mask;
};

/// Which model made an answer.
struct ModelReference {
    /// For example `pcb-ymasknet`.
    std::string name;
    /// A positive whole number in decimal.
    std::string version;
    /// SHA-256 of the model's manifest, which holds those of its files. Lower-case hexadecimal, 64 characters.
    std::string sha256;
};

/// Time per stage of an image's way through the server. A stage that did not run is 0. Unit: milliseconds.
struct StageTimes {
    /// Reading the image: decompression, pixel format conversion.
    float decode = 0;
    /// Waiting for a lane.
    float queue = 0;
    /// Letterbox and normalisation into the input tensor.
    float preprocess = 0;
    /// The first network; for a semantic model, the whole network.
    float stage1 = 0;
    /// Box decoding, thresholds and non-maximum suppression.
    float detection = 0;
    /// RoIAlign of the second stage's inputs.
    float roi_align = 0;
    /// The second network.
    float stage2 = 0;
    /// Box refinement, mask pasting, semantic class maps.
    float segmentation = 0;
    /// Back to image pixels; mask encoding.
    float results = 0;
    /// From the decoded request to the finished answer, all of the above included.
    float total = 0;
};

/// What ran, where, and how long.
struct Execution {
    /// ONNX Runtime's execution provider, for example `CPUExecutionProvider`.
    std::string execution_provider;
    /// For example `cpu` or `cuda:0`.
    std::string device;
    /// What the networks computed in: `fp32` or `int8`.
    std::string precision;
    /// Time per stage.
    StageTimes times;
};

/// Answer of Client::Detect and Client::DetectAndSegment.
struct InspectionResult {
    /// Highest score first.
    std::vector<Defect> defects;
    /// Size of the inspected image.
    ImageSize image_size;
    /// The model that made the answer.
    ModelReference model;
    /// What ran.
    Execution execution;
};

/// Answer of Client::Segment.
struct SegmentationResult {
    /// Instance models: one for each region of interest, in their order.
    std::vector<Defect> instances;
    /// Semantic models: the connected regions of each class but background, by class id, then by area, largest first.
    std::vector<Region> regions;
    /// Semantic models, if asked for: the bytes of an 8-bit grey PNG of the image's size; the value of a pixel is its
    /// class id.
    std::string class_map_png;
    /// Size of the inspected image.
    ImageSize image_size;
    /// The model that made the answer.
    ModelReference model;
    /// What ran.
    Execution execution;
};

inline bool operator==(const Defect& a, const Defect& b) noexcept {
    return a.class_name == b.class_name && a.class_id == b.class_id && a.score == b.score && a.box == b.box &&
           a.area == b.area && a.mask == b.mask;
}
inline bool operator!=(const Defect& a, const Defect& b) noexcept {
    return !(a == b);
}

inline bool operator==(const Region& a, const Region& b) noexcept {
    return a.class_name == b.class_name && a.class_id == b.class_id && a.area == b.area && a.box == b.box &&
           a.centroid == b.centroid && a.mask == b.mask;
}
inline bool operator!=(const Region& a, const Region& b) noexcept {
    return !(a == b);
}

inline bool operator==(const ModelReference& a, const ModelReference& b) noexcept {
    return a.name == b.name && a.version == b.version && a.sha256 == b.sha256;
}
inline bool operator!=(const ModelReference& a, const ModelReference& b) noexcept {
    return !(a == b);
}

}  // namespace ymasknet

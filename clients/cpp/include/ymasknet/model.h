/// @file
/// What is known of a model.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "ymasknet/geometry.h"
#include "ymasknet/options.h"
#include "ymasknet/results.h"

namespace ymasknet {

/// A file of a model.
struct ModelFile {
    /// Path inside the model's folder.
    std::string path;
    /// Lower-case hexadecimal.
    std::string sha256;
    /// Unit: bytes.
    std::uint64_t size_bytes = 0;
    /// What the network computes in: `fp32` or `int8`.
    std::string precision;
};

/// What is known of a model.
struct Model {
    /// Name, version and digest.
    ModelReference reference;
    /// `ymasknet`, `yolov5` or `unet`.
    std::string architecture;
    /// One sentence for people.
    std::string description;
    /// What the model can do.
    std::vector<Task> tasks;
    /// Size of the network's input, to which images are letterboxed.
    ImageSize input_size;
    /// Channels of the network's input: 1 (grey) or 3 (red, green, blue).
    std::uint32_t input_channels = 0;
    /// A class id is an index into this list.
    std::vector<std::string> class_names;
    /// Default score threshold of Detect. Range: [0, 1]. 0 for a semantic model.
    float detect_min_score = 0;
    /// Default score threshold of DetectAndSegment. Range: [0, 1]. 0 for a semantic model.
    float detect_and_segment_min_score = 0;
    /// Default IoU threshold of non-maximum suppression. Range: [0, 1].
    float nms_iou_threshold = 0;
    /// Default number of defects per image.
    std::uint32_t default_max_defects = 0;
    /// Largest number of defects, or of regions of interest in a request.
    std::uint32_t max_rois = 0;
    /// The files, with their digests.
    std::vector<ModelFile> files;
    /// How it was trained: data, seed, configuration, hardware, licence of the data.
    std::map<std::string, std::string> provenance;
    /// Measured accuracy, by name of the measure, for example `test_open.box_map50`.
    std::map<std::string, double> accuracy;
    /// ONNX Runtime's execution provider that runs it.
    std::string execution_provider;
    /// The device that it runs on.
    std::string device;
    /// What its networks compute in here: `fp32` or `int8`.
    std::string precision;
};

/// Answer of Client::ListModels.
struct ModelList {
    /// All models and versions, by name, then by version.
    std::vector<Model> models;
    /// The model that a request without a model name gets, as `name/version`.
    std::string default_model;
};

/// Where a node of a network runs.
struct NodePlacement {
    /// ONNX Runtime's name of it.
    std::string name;
    /// Its operator, for example `Conv`.
    std::string operator_type;
    /// The execution provider that ran it, for example `CUDAExecutionProvider`.
    std::string execution_provider;
};

/// Where the nodes of a network run.
struct NetworkPlacement {
    /// Path of the network's file inside the model's folder.
    std::string path;
    /// What ran when the server ran the network for the first time, in that order, from ONNX Runtime's own profile.
    std::vector<NodePlacement> nodes;
};

/// Where one of the operators around the networks runs.
struct OperatorPlacement {
    /// What it does, for example `RoIAlign`.
    std::string operation;
    /// The device, for example `cpu` or `cuda:0`.
    std::string device;
};

/// Answer of Client::GetPlacement: what of a model runs where.
struct Placement {
    /// Which model.
    ModelReference model;
    /// Its networks, in the order in which they run.
    std::vector<NetworkPlacement> networks;
    /// The operators before, between and after them, in the order in which they run.
    std::vector<OperatorPlacement> operators;
};

}  // namespace ymasknet

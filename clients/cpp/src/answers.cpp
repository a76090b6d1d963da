#include "answers.h"

#include <string>
#include <utility>

#include "failure.h"
#include "status_errors.h"
#include "wire_time.h"

namespace ymasknet {
namespace {

Box ToBox(const v1::Box& message) {
    return {message.x(), message.y(), message.width(), message.height()};
}

ImageSize ToSize(const v1::ImageSize& message) {
    return {message.width(), message.height()};
}

std::string SizeText(std::uint32_t width, std::uint32_t height) {
    return std::to_string(width) + " x " + std::to_string(height) + " pixels";
}

std::optional<Mask> ToMask(const v1::Mask& message, ImageSize image) {
    switch (message.encoding_case()) {
        case v1::Mask::kCocoRle: {
            const v1::CocoRle& runs = message.coco_rle();
            if (ImageSize{runs.width(), runs.height()} != image) {
                throw Failure(StatusCode::DataLoss, "MASK_DAMAGED",
                              "A mask is of an image of " + SizeText(runs.width(), runs.height()) + ", the image has " +
                                  SizeText(image.width, image.height) + ".");
            }
            Mask mask = Mask::FromCocoRle(image, runs.counts());
            if (mask.area() != message.area()) {
                throw Failure(StatusCode::DataLoss, "MASK_DAMAGED",
                              "A mask has " + std::to_string(mask.area()) + " pixels, its message says " +
                                  std::to_string(message.area()) + ".");
            }
            return mask;
        }
        case v1::Mask::ENCODING_NOT_SET:
            if (message.area() == 0)
                return Mask::Empty(image);
            break;
        default:
            break;
    }
    throw ServerBreach("sent a mask in a format that was not asked for");
}

Defect ToDefect(v1::Defect& message, ImageSize image, bool masks) {
    Defect defect;
    defect.class_name = std::move(*message.mutable_class_name());
    defect.class_id = message.class_id();
    defect.score = message.score();
    defect.box = ToBox(message.box());
    defect.area = message.mask().area();
    if (masks && message.has_mask())
        defect.mask = ToMask(message.mask(), image);
    return defect;
}

Region ToRegion(v1::Region& message, ImageSize image, bool masks) {
    Region region;
    region.class_name = std::move(*message.mutable_class_name());
    region.class_id = message.class_id();
    region.area = message.area();
    region.box = ToBox(message.box());
    region.centroid = {message.centroid().x(), message.centroid().y()};
    if (masks && message.has_mask())
        region.mask = ToMask(message.mask(), image);
    return region;
}

template <class Messages>
std::vector<Defect> ToDefects(Messages& messages, ImageSize image, bool masks) {
    std::vector<Defect> defects;
    defects.reserve(static_cast<std::size_t>(messages.size()));
    for (v1::Defect& message : messages)
        defects.push_back(ToDefect(message, image, masks));
    return defects;
}

template <class Messages>
std::vector<Region> ToRegions(Messages& messages, ImageSize image, bool masks) {
    std::vector<Region> regions;
    regions.reserve(static_cast<std::size_t>(messages.size()));
    for (v1::Region& message : messages)
        regions.push_back(ToRegion(message, image, masks));
    return regions;
}

Execution ToExecution(const v1::Execution& message) {
    const v1::StageTimes& times = message.times();
    Execution execution;
    execution.execution_provider = message.execution_provider();
    execution.device = message.device();
    execution.precision = message.precision();
    execution.times = {times.decode_ms(),    times.queue_ms(),     times.preprocess_ms(), times.stage1_ms(),
                       times.detection_ms(), times.roi_align_ms(), times.stage2_ms(),     times.segmentation_ms(),
                       times.results_ms(),   times.total_ms()};
    return execution;
}

/// What every answer has.
template <class Result, class Message>
Result Common(const Message& message) {
    Result result;
    result.image_size = ToSize(message.image_size());
    result.model = ToReference(message.model());
    result.execution = ToExecution(message.execution());
    return result;
}

}  // namespace

ModelReference ToReference(const v1::ModelReference& message) {
    return {message.name(), message.version(), message.sha256()};
}

InspectionResult ToResult(v1::DetectResponse&& message) {
    auto result = Common<InspectionResult>(message);
    result.defects = ToDefects(*message.mutable_defects(), result.image_size, false);
    return result;
}

InspectionResult ToResult(v1::DetectAndSegmentResponse&& message, bool masks) {
    auto result = Common<InspectionResult>(message);
    result.defects = ToDefects(*message.mutable_defects(), result.image_size, masks);
    return result;
}

SegmentationResult ToResult(v1::SegmentResponse&& message, bool masks) {
    auto result = Common<SegmentationResult>(message);
    result.instances = ToDefects(*message.mutable_instances(), result.image_size, masks);
    result.regions = ToRegions(*message.mutable_regions(), result.image_size, masks);
    result.class_map_png = std::move(*message.mutable_class_map_png());
    return result;
}

BoardResult ToResult(v1::InspectBoardResponse&& message, bool masks) {
    auto result = Common<BoardResult>(message);
    result.defects = ToDefects(*message.mutable_defects(), result.image_size, masks);
    result.regions = ToRegions(*message.mutable_regions(), result.image_size, masks);
    result.tiling = {message.tiling().tile_count(), ToSize(message.tiling().tile_size()), message.tiling().overlap()};
    return result;
}

FrameResult ToResult(v1::FrameResult&& message, bool masks) {
    FrameResult result;
    result.frame_id = message.frame_id();
    result.verdict = static_cast<Verdict>(message.verdict());
    result.part_id = std::move(*message.mutable_part_id());
    result.rejecting.assign(message.rejecting().begin(), message.rejecting().end());
    if (message.has_capture_time())
        result.capture_time = ToTime(message.capture_time());
    if (message.has_error())
        result.error = ToError(message.error());
    if (message.has_image_size()) {
        result.image_size = ToSize(message.image_size());
        result.defects = ToDefects(*message.mutable_defects(), *result.image_size, masks);
        result.regions = ToRegions(*message.mutable_regions(), *result.image_size, masks);
    }
    if (message.has_execution())
        result.execution = ToExecution(message.execution());
    return result;
}

Model ToModel(v1::Model&& message) {
    Model model;
    model.reference = ToReference(message.reference());
    model.architecture = message.architecture();
    model.description = message.description();
    for (const int task : message.tasks())
        model.tasks.push_back(static_cast<Task>(task));
    model.input_size = ToSize(message.input_size());
    model.input_channels = message.input_channels();
    model.class_names.assign(message.class_names().begin(), message.class_names().end());
    model.detect_min_score = message.detect_min_score();
    model.detect_and_segment_min_score = message.detect_and_segment_min_score();
    model.nms_iou_threshold = message.nms_iou_threshold();
    model.default_max_defects = message.default_max_defects();
    model.max_rois = message.max_rois();
    for (const v1::ModelFile& file : message.files())
        model.files.push_back({file.path(), file.sha256(), file.size_bytes(), file.precision()});
    model.provenance = {message.provenance().begin(), message.provenance().end()};
    model.accuracy = {message.accuracy().begin(), message.accuracy().end()};
    model.execution_provider = message.execution_provider();
    model.device = message.device();
    model.precision = message.precision();
    return model;
}

ModelList ToList(v1::ListModelsResponse&& message) {
    ModelList list;
    for (v1::Model& model : *message.mutable_models())
        list.models.push_back(ToModel(std::move(model)));
    list.default_model = message.default_model();
    return list;
}

Placement ToPlacement(const v1::GetPlacementResponse& message) {
    Placement placement;
    placement.model = ToReference(message.model());
    for (const v1::NetworkPlacement& network : message.networks()) {
        NetworkPlacement& placed = placement.networks.emplace_back();
        placed.path = network.path();
        for (const v1::NodePlacement& node : network.nodes())
            placed.nodes.push_back({node.name(), node.operator_type(), node.execution_provider()});
    }
    for (const v1::OperatorPlacement& placed : message.operators())
        placement.operators.push_back({placed.operation(), placed.device()});
    return placement;
}

}  // namespace ymasknet

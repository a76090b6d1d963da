#include "canonical.h"

#include <chrono>
#include <cstring>
#include <initializer_list>

namespace ymasknet::conformance {
namespace {

std::string Hex(const std::uint8_t* bytes, std::size_t size) {
    static const char* const digits = "0123456789abcdef";
    std::string text;
    text.reserve(size * 2);
    for (std::size_t i = 0; i < size; ++i) {
        text += digits[bytes[i] >> 4];
        text += digits[bytes[i] & 15];
    }
    return text;
}

/// The bits of a number, most significant first.
template <class Bits, class Number>
std::string BitsOf(Number number) {
    static_assert(sizeof(Bits) == sizeof(Number));
    Bits bits;
    std::memcpy(&bits, &number, sizeof(bits));
    std::uint8_t bytes[sizeof(bits)];
    for (std::size_t i = 0; i < sizeof(bits); ++i)
        bytes[i] = static_cast<std::uint8_t>(bits >> (8 * (sizeof(bits) - 1 - i)));
    return Hex(bytes, sizeof(bytes));
}

std::string Floats(std::initializer_list<float> values) {
    std::string text;
    for (const float value : values)
        text += (text.empty() ? "f" : ",f") + BitsOf<std::uint32_t>(value);
    return text;
}

std::string Size(const ImageSize& size) {
    return std::to_string(size.width) + "x" + std::to_string(size.height);
}

std::string BoxText(const Box& box) {
    return Floats({box.x, box.y, box.width, box.height});
}

/// The smallest rectangle around the mask, and its rows as bits, the left-most pixel the highest of a byte.
std::string MaskText(const std::optional<Mask>& mask) {
    if (!mask || mask->area() == 0)
        return "mask=none";
    const BitMask bits = mask->ToBits();
    const PixelRectangle& place = bits.rectangle;
    return "mask=" + std::to_string(place.x) + "," + std::to_string(place.y) + "," + std::to_string(place.width) + "," +
           std::to_string(place.height) + ":" + Hex(bits.bits.data(), bits.bits.size());
}

std::string Found(const char* name, const Defect& defect) {
    return std::string(name) + " " + std::to_string(defect.class_id) + " " + defect.class_name +
           " score=" + Floats({defect.score}) + " box=" + BoxText(defect.box) + " area=" + std::to_string(defect.area) +
           " " + MaskText(defect.mask);
}

std::string Found(const Region& region) {
    return "region " + std::to_string(region.class_id) + " " + region.class_name +
           " area=" + std::to_string(region.area) + " box=" + BoxText(region.box) +
           " centroid=" + Floats({region.centroid.x, region.centroid.y}) + " " + MaskText(region.mask);
}

template <class Things>
std::string Joined(const Things& things) {
    std::string text;
    for (const auto& thing : things)
        text += (text.empty() ? "" : ",") + thing;
    return text;
}

Lines ModelLines(const ModelReference& model) {
    return {"model " + model.name + "/" + model.version, "manifest " + model.sha256};
}

std::string Ran(const std::string& provider, const std::string& device, const std::string& precision) {
    return "ran " + provider + " " + device + " " + precision;
}

std::string Ran(const Execution& execution) {
    return Ran(execution.execution_provider, execution.device, execution.precision);
}

Lines Head(const ImageSize& size, const ModelReference& model, const Execution& execution) {
    Lines lines = {"image " + Size(size)};
    Append(lines, ModelLines(model));
    lines.push_back(Ran(execution));
    return lines;
}

std::string TaskName(Task task) {
    switch (task) {
        case Task::Detect:
            return "DETECT";
        case Task::Segment:
            return "SEGMENT";
        case Task::DetectAndSegment:
            return "DETECT_AND_SEGMENT";
    }
    return std::to_string(static_cast<int>(task));
}

}  // namespace

void Append(Lines& lines, const Lines& more) {
    lines.insert(lines.end(), more.begin(), more.end());
}

Lines Canonical(const InspectionResult& result) {
    Lines lines = Head(result.image_size, result.model, result.execution);
    for (const Defect& defect : result.defects)
        lines.push_back(Found("defect", defect));
    return lines;
}

Lines Canonical(const SegmentationResult& result) {
    Lines lines = Head(result.image_size, result.model, result.execution);
    for (const Defect& instance : result.instances)
        lines.push_back(Found("instance", instance));
    for (const Region& region : result.regions)
        lines.push_back(Found(region));
    const std::string& map = result.class_map_png;
    if (!map.empty())
        lines.push_back("classmap " + Hex(reinterpret_cast<const std::uint8_t*>(map.data()), map.size()));
    return lines;
}

Lines Canonical(const BoardResult& result) {
    Lines lines = Head(result.image_size, result.model, result.execution);
    lines.push_back("tiles " + std::to_string(result.tiling.tile_count) + " of " + Size(result.tiling.tile_size) +
                    " overlap " + std::to_string(result.tiling.overlap));
    for (const Defect& defect : result.defects)
        lines.push_back(Found("defect", defect));
    for (const Region& region : result.regions)
        lines.push_back(Found(region));
    return lines;
}

Lines Canonical(const FrameResult& result) {
    std::string captured = "-";
    if (result.capture_time) {
        const auto since = result.capture_time->time_since_epoch();
        captured = std::to_string(std::chrono::duration_cast<std::chrono::microseconds>(since).count());
    }
    Lines rejecting;
    for (const std::uint32_t place : result.rejecting)
        rejecting.push_back(std::to_string(place));
    Lines lines = {"frame " + std::to_string(result.frame_id) + " " + std::string(Name(result.verdict)) +
                   " part=" + result.part_id + " captured=" + captured + " rejecting=" + Joined(rejecting)};
    if (result.image_size)
        lines.push_back("image " + Size(*result.image_size));
    if (result.execution)
        lines.push_back(Ran(*result.execution));
    if (result.error)
        lines.push_back(Canonical(*result.error));
    for (const Defect& defect : result.defects)
        lines.push_back(Found("defect", defect));
    for (const Region& region : result.regions)
        lines.push_back(Found(region));
    return lines;
}

Lines Canonical(const Model& model) {
    Lines lines = ModelLines(model.reference);
    lines.push_back("architecture " + model.architecture);
    lines.push_back("description " + model.description);
    Lines tasks;
    for (const Task task : model.tasks)
        tasks.push_back(TaskName(task));
    lines.push_back("tasks " + Joined(tasks));
    lines.push_back("input " + Size(model.input_size) + " channels " + std::to_string(model.input_channels));
    lines.push_back("classes " + Joined(model.class_names));
    lines.push_back("thresholds " +
                    Floats({model.detect_min_score, model.detect_and_segment_min_score, model.nms_iou_threshold}));
    lines.push_back("most " + std::to_string(model.default_max_defects) + " " + std::to_string(model.max_rois));
    for (const ModelFile& file : model.files)
        lines.push_back("manifest " + file.path + " " + file.sha256 + " " + std::to_string(file.size_bytes) + " " +
                        file.precision);
    for (const auto& [key, value] : model.provenance)
        lines.push_back("provenance " + key + "=" + value);
    for (const auto& [key, value] : model.accuracy)
        lines.push_back("accuracy " + key + "=" + BitsOf<std::uint64_t>(value));
    lines.push_back(Ran(model.execution_provider, model.device, model.precision));
    return lines;
}

Lines Opened(const ModelReference& model, std::uint32_t in_flight) {
    Lines lines = ModelLines(model);
    lines.push_back("in-flight " + std::to_string(in_flight));
    return lines;
}

std::string Canonical(const Error& error) {
    const auto or_none = [](const std::string& text) { return text.empty() ? "-" : text; };
    return "error " + std::string(Name(error.code())) + " " + or_none(error.reason()) + " " + or_none(error.field()) +
           " " + (error.reason().empty() ? "-" : error.message());
}

}  // namespace ymasknet::conformance

#include "case_values.h"

#include <chrono>
#include <stdexcept>
#include <utility>

namespace ymasknet::conformance {
namespace {

/// A choice by its name on the wire.
template <class Choice>
Choice Named(const std::map<std::string, Choice>& choices, const std::string& name) {
    const auto place = choices.find(name);
    if (place == choices.end())
        throw std::runtime_error("There is no choice " + name + ".");
    return place->second;
}

std::optional<float> OptionalFloat(Json value) {
    return value.IsThere() ? std::optional(static_cast<float>(value.Number())) : std::nullopt;
}

std::optional<std::uint32_t> OptionalCount(Json value) {
    return value.IsThere() ? std::optional(static_cast<std::uint32_t>(value.Whole())) : std::nullopt;
}

Box BoxOf(Json box) {
    return {static_cast<float>(box[0].Number()), static_cast<float>(box[1].Number()),
            static_cast<float>(box[2].Number()), static_cast<float>(box[3].Number())};
}

ClassRule RuleOf(Json item) {
    ClassRule rule;
    rule.ignored = item["ignored"].Truth();
    rule.min_score = OptionalFloat(item["min_score"]);
    rule.min_area_pixels = item["min_area_pixels"].OptionalNumber();
    rule.min_area_mm2 = item["min_area_mm2"].OptionalNumber();
    return rule;
}

Recipe RecipeOf(Json item) {
    Recipe recipe;
    if (item["default"].IsThere())
        recipe.default_rule = RuleOf(item["default"]);
    for (const auto& [name, rule] : item["classes"].Fields())
        recipe.class_rules[name] = RuleOf(rule);
    recipe.millimetres_per_pixel = item["millimetres_per_pixel"].OptionalNumber();
    for (std::uint64_t turn = 0; turn < item["repeat_ignored"].Whole(1); ++turn) {
        for (const Json& box : item["ignored"].Elements())
            recipe.ignored_areas.push_back(BoxOf(box));
    }
    return recipe;
}

std::chrono::system_clock::time_point MomentOf(Json microseconds) {
    return std::chrono::system_clock::time_point(std::chrono::microseconds(microseconds.Whole()));
}

}  // namespace

std::shared_ptr<const std::string> CaseImages::Read(const std::string& name) {
    std::shared_ptr<const std::string>& bytes = bytes_[name];
    if (!bytes)
        bytes = std::make_shared<const std::string>(ReadFile(Describe(name)["path"].Text()));
    return bytes;
}

Image CaseImages::Get(const std::string& name) {
    const Json described = Describe(name);
    const std::shared_ptr<const std::string> bytes = Read(name);
    Buffer buffer = Buffer::Shared(bytes, bytes->data(), bytes->size());
    if (!described["format"].IsThere())
        return Image::Encoded(std::move(buffer));
    return Image::Raw(std::move(buffer), FormatOf(described), static_cast<std::uint32_t>(described["width"].Whole()),
                      static_cast<std::uint32_t>(described["height"].Whole()),
                      static_cast<std::uint32_t>(described["stride"].Whole()));
}

PixelFormat FormatOf(Json image) {
    static const std::map<std::string, PixelFormat> formats = {
        {"MONO8", PixelFormat::Mono8},       {"MONO10", PixelFormat::Mono10}, {"MONO12", PixelFormat::Mono12},
        {"MONO16", PixelFormat::Mono16},     {"RGB8", PixelFormat::RGB8},     {"BGR8", PixelFormat::BGR8},
        {"BAYER_RG8", PixelFormat::BayerRG8}};
    return Named(formats, image["format"].Text());
}

Task TaskOf(Json item) {
    static const std::map<std::string, Task> tasks = {
        {"DETECT", Task::Detect}, {"SEGMENT", Task::Segment}, {"DETECT_AND_SEGMENT", Task::DetectAndSegment}};
    return Named(tasks, item["task"].Text());
}

InspectionOptions OptionsOf(Json item) {
    InspectionOptions options;
    options.model = item["model"].Text();
    options.min_score = OptionalFloat(item["min_score"]);
    options.nms_iou_threshold = OptionalFloat(item["nms_iou_threshold"]);
    options.max_defects = OptionalCount(item["max_defects"]);
    options.masks = item["mask_format"].Text() != "NONE";
    options.class_map = item["class_map"].Truth();
    options.min_region_area = OptionalCount(item["min_region_area"]);
    return options;
}

SessionOptions SessionOf(Json item) {
    static const std::map<std::string, FramePolicy> policies = {{"BLOCK", FramePolicy::Block},
                                                                {"DROP_OLDEST", FramePolicy::DropOldest},
                                                                {"LATEST_ONLY", FramePolicy::LatestOnly}};
    static const std::map<std::string, Priority> priorities = {
        {"LOW", Priority::Low}, {"NORMAL", Priority::Normal}, {"HIGH", Priority::High}};
    SessionOptions options(TaskOf(item));
    options.inspection = OptionsOf(item);
    options.frame_policy = Named(policies, item["policy"].Text("BLOCK"));
    options.max_frames_in_flight = OptionalCount(item["in_flight"]);
    options.priority = Named(priorities, item["priority"].Text("NORMAL"));
    if (item["recipe"].IsThere())
        options.recipe = RecipeOf(item["recipe"]);
    return options;
}

std::vector<RegionOfInterest> RoisOf(Json item) {
    std::vector<RegionOfInterest> rois;
    for (std::uint64_t turn = 0; turn < item["repeat_rois"].Whole(1); ++turn) {
        for (const Json& roi : item["rois"].Elements())
            rois.push_back({BoxOf(roi["box"]), roi["class"].Text()});
    }
    return rois;
}

Frame FrameOf(Json item, Image image, std::uint64_t offset) {
    Frame frame(item["id"].Whole() + offset, std::move(image));
    frame.rois = RoisOf(item);
    frame.part_id = item["part_bytes"].IsThere() ? std::string(item["part_bytes"].Whole(), 'p') : item["part"].Text();
    if (item["captured_us"].IsThere())
        frame.capture_time = MomentOf(item["captured_us"]);
    if (item["deadline_us"].IsThere())
        frame.deadline = MomentOf(item["deadline_us"]);
    if (item["time_limit_ms"].IsThere())
        frame.time_limit = std::chrono::milliseconds(item["time_limit_ms"].Whole());
    return frame;
}

}  // namespace ymasknet::conformance

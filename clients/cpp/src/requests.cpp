#include "requests.h"

#include "failure.h"
#include "payload_message.h"
#include "pixel_rows.h"
#include "wire_time.h"

namespace ymasknet {
namespace {

/// A message whose only field is the image, under a number.
PayloadMessage ImageField(int field, const Image& image) {
    if (!image.IsRaw()) {
        PayloadMessage message(v1::Image::kEncodedFieldNumber, Owned(image.buffer()));
        message.Enclose(field);
        return message;
    }

    const std::uint64_t row_bytes = std::uint64_t{image.width()} * BytesPerPixel(image.format());
    const bool is_view = image.buffer().owner() == nullptr;
    v1::RawImage description;
    description.set_pixel_format(static_cast<v1::PixelFormat>(image.format()));
    description.set_width(image.width());
    description.set_height(image.height());
    if (!is_view && image.stride() != row_bytes)
        description.set_stride(image.stride());

    // A view has to be copied anyway, so its padding is left behind.
    PayloadMessage message(
        v1::RawImage::kDataFieldNumber,
        is_view ? PackRows(image.buffer(), {row_bytes, image.stride(), image.height()}, 0, image.height())
                : image.buffer());
    message.Append(description);
    message.Enclose(v1::Image::kRawFieldNumber);
    message.Enclose(field);
    return message;
}

v1::MaskFormat MaskFormatOf(const InspectionOptions& options) {
    return options.masks ? v1::MASK_FORMAT_COCO_RLE : v1::MASK_FORMAT_NONE;
}

/// Sets the filters of a request, if there are any.
template <class Request>
void SetFilters(const InspectionOptions& options, Request& request) {
    if (options.min_score)
        request.mutable_options()->set_min_score(*options.min_score);
    if (options.nms_iou_threshold)
        request.mutable_options()->set_nms_iou_threshold(*options.nms_iou_threshold);
    if (options.max_defects)
        request.mutable_options()->set_max_defects(*options.max_defects);
}

void SetBox(const Box& box, v1::Box& message) {
    message.set_x(box.x);
    message.set_y(box.y);
    message.set_width(box.width);
    message.set_height(box.height);
}

/// Adds the boxes to outline to a request or a frame.
template <class Request>
void AddRois(const std::vector<RegionOfInterest>& rois, Request& request) {
    for (const RegionOfInterest& roi : rois) {
        v1::RegionOfInterest& message = *request.add_rois();
        SetBox(roi.box, *message.mutable_box());
        if (!roi.class_name.empty())
            message.set_class_name(roi.class_name);
    }
}

void SetRule(const ClassRule& rule, const std::string& field, v1::ClassRule& message) {
    if (rule.min_area_pixels && rule.min_area_mm2) {
        throw Failure(StatusCode::InvalidArgument, "MIN_AREA_AMBIGUOUS",
                      "A rule has a minimal area in pixels and one in square millimetres; set one of them.",
                      field + ".min_area");
    }
    message.set_ignored(rule.ignored);
    if (rule.min_score)
        message.set_min_score(*rule.min_score);
    if (rule.min_area_pixels)
        message.set_min_area_pixels(*rule.min_area_pixels);
    if (rule.min_area_mm2)
        message.set_min_area_mm2(*rule.min_area_mm2);
}

void SetRecipe(const Recipe& recipe, v1::Recipe& message) {
    const std::string field = "opening.recipe";
    SetRule(recipe.default_rule, field + ".default_rule", *message.mutable_default_rule());
    for (const auto& [class_name, rule] : recipe.class_rules) {
        const std::string place = field + ".class_rules[" + std::to_string(message.class_rules_size()) + "].rule";
        v1::NamedClassRule& named = *message.add_class_rules();
        named.set_class_name(class_name);
        SetRule(rule, place, *named.mutable_rule());
    }
    if (recipe.millimetres_per_pixel)
        message.set_millimetres_per_pixel(*recipe.millimetres_per_pixel);
    for (const Box& area : recipe.ignored_areas)
        SetBox(area, *message.add_ignored_areas());
}

}  // namespace

Buffer Owned(const Buffer& buffer) {
    const bool stays = buffer.owner() != nullptr || buffer.empty();
    return stays ? buffer : PackRows(buffer, {buffer.size(), buffer.size(), 1}, 0, 1);
}

grpc::ByteBuffer DetectRequest(const Image& image, const InspectionOptions& options) {
    v1::DetectRequest request;
    request.set_model(options.model);
    SetFilters(options, request);
    PayloadMessage message = ImageField(v1::DetectRequest::kImageFieldNumber, image);
    message.Append(request);
    return message.ToByteBuffer();
}

grpc::ByteBuffer SegmentRequest(const Image& image, const std::vector<RegionOfInterest>& rois,
                                const InspectionOptions& options) {
    v1::SegmentRequest request;
    request.set_model(options.model);
    request.set_mask_format(MaskFormatOf(options));
    request.set_include_class_map(options.class_map);
    if (options.min_region_area)
        request.set_min_region_area(*options.min_region_area);
    AddRois(rois, request);
    PayloadMessage message = ImageField(v1::SegmentRequest::kImageFieldNumber, image);
    message.Append(request);
    return message.ToByteBuffer();
}

grpc::ByteBuffer DetectAndSegmentRequest(const Image& image, const InspectionOptions& options) {
    v1::DetectAndSegmentRequest request;
    request.set_model(options.model);
    request.set_mask_format(MaskFormatOf(options));
    SetFilters(options, request);
    PayloadMessage message = ImageField(v1::DetectAndSegmentRequest::kImageFieldNumber, image);
    message.Append(request);
    return message.ToByteBuffer();
}

grpc::ByteBuffer OpeningRequest(const SessionOptions& options) {
    v1::InspectStreamRequest request;
    v1::SessionOpening& opening = *request.mutable_opening();
    opening.set_task(static_cast<v1::Task>(options.task));
    opening.set_model(options.inspection.model);
    opening.set_mask_format(MaskFormatOf(options.inspection));
    SetFilters(options.inspection, opening);
    opening.set_frame_policy(static_cast<v1::FramePolicy>(options.frame_policy));
    opening.set_priority(static_cast<v1::Priority>(options.priority));
    if (options.max_frames_in_flight)
        opening.set_max_frames_in_flight(*options.max_frames_in_flight);
    if (options.recipe)
        SetRecipe(*options.recipe, *opening.mutable_recipe());
    return ToByteBuffer(request);
}

grpc::ByteBuffer FrameRequest(const Frame& frame) {
    v1::Frame request;
    request.set_frame_id(frame.id);
    request.set_part_id(frame.part_id);
    AddRois(frame.rois, request);
    if (frame.capture_time)
        SetTime(*frame.capture_time, *request.mutable_capture_time());
    if (frame.deadline && frame.time_limit) {
        throw Failure(StatusCode::InvalidArgument, "DEADLINE_AMBIGUOUS",
                      "The frame has a deadline and a time limit; set one of them.", "due");
    }
    if (frame.deadline)
        SetTime(*frame.deadline, *request.mutable_deadline());
    if (frame.time_limit)
        SetDuration(*frame.time_limit, *request.mutable_time_limit());

    PayloadMessage message = ImageField(v1::Frame::kImageFieldNumber, frame.image);
    message.Append(request);
    message.Enclose(v1::InspectStreamRequest::kFrameFieldNumber);
    return message.ToByteBuffer();
}

v1::BoardOpening BoardOpeningOf(const BoardOptions& options) {
    v1::BoardOpening opening;
    opening.set_task(static_cast<v1::Task>(options.task));
    opening.set_model(options.inspection.model);
    opening.set_mask_format(MaskFormatOf(options.inspection));
    SetFilters(options.inspection, opening);
    if (options.overlap)
        opening.set_overlap(*options.overlap);
    return opening;
}

}  // namespace ymasknet

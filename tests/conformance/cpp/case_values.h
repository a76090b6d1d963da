// What cases say of images, options, boxes and recipes, as this client has it.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "json.h"
#include "ymasknet/ymasknet.h"

namespace ymasknet::conformance {

/// The images of the cases, read once.
class CaseImages {
  public:
    explicit CaseImages(Json images) : images_(images) {}

    /// What is said of an image: `path`, and of pixels `format`, `width`, `height`, `stride`.
    Json Describe(const std::string& name) const { return images_[name]; }

    /// Its bytes.
    std::shared_ptr<const std::string> Read(const std::string& name);

    /// The image as the client sends it.
    Image Get(const std::string& name);

  private:
    Json images_;
    std::map<std::string, std::shared_ptr<const std::string>> bytes_;
};

PixelFormat FormatOf(Json image);
Task TaskOf(Json item);
InspectionOptions OptionsOf(Json item);
SessionOptions SessionOf(Json item);
std::vector<RegionOfInterest> RoisOf(Json item);

/// A frame as a case has it.
/// @param offset Added to its id.
Frame FrameOf(Json item, Image image, std::uint64_t offset);

}  // namespace ymasknet::conformance

/// @file
/// Recipes: which of the things that a model finds make a part fail.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "ymasknet/geometry.h"

namespace ymasknet {

/// When something found fails a frame: all that is set must hold.
struct ClassRule {
    /// Never: the class is reported and does not count.
    bool ignored = false;
    /// Its score is at least this. Range: [0, 1]. Not with semantic models, whose regions have no scores.
    std::optional<float> min_score;
    /// Its area is at least this: of the mask, or of the box where the task makes none. Unit: pixels. Range: finite, >=
    /// 0.
    std::optional<double> min_area_pixels;
    /// The same in square millimetres; at most one of the two may be set. Needs Recipe::millimetres_per_pixel.
    std::optional<double> min_area_mm2;
};

/// Decides between Verdict::Pass and Verdict::Fail. What the model finds is reported whatever the recipe says of it. An
/// empty recipe fails every frame on which anything is found.
struct Recipe {
    /// The rule of classes that have none of their own.
    ClassRule default_rule;
    /// Rules by class name.
    std::map<std::string, ClassRule> class_rules;
    /// Size of a pixel's side. Unit: millimetres. Range: finite, > 0.
    std::optional<double> millimetres_per_pixel;
    /// Where nothing fails a frame: something counts as inside where the centre of its box is. At most 256.
    std::vector<Box> ignored_areas;
};

}  // namespace ymasknet
